// SPDX-License-Identifier: Apache-2.0
// Learning rules as values: each against its truth in reference/rules, in every form that has it,
// and refused where it has no place.
#include <alignproof/dynamics/rule_definition.hpp>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <alignproof/bounds/instantiations.hpp>
#include <alignproof/bounds/theorem_a_variants.hpp>
#include <alignproof/dynamics/bin_float.hpp>
#include <alignproof/dynamics/exact.hpp>
#include <alignproof/dynamics/fused.hpp>
#include <alignproof/dynamics/mpfr.hpp>
#include <alignproof/dynamics/portable.hpp>

#include "generators/generators.hpp"
#include "property.hpp"
#include "reference_rules.hpp"

using namespace alignproof;

namespace {

/// Calls look(rule, truth) for every rule of the library.
template <class Look>
void each_rule(const Look& look) {
  std::apply([&](const auto&... truth) { (look(learning_rule_from(truth.name), truth), ...); },
             reference::RuleTruths{});
}

std::vector<std::string> names_of_the_library() {
  std::vector<std::string> names;
  each_rule([&](const LearningRule& rule, const auto&) { names.emplace_back(rule.name()); });
  return names;
}

/// Brought from outside: feedback halfway between b and beta, of which b follows slowly.
struct Halfway {
  static constexpr std::string_view name = "test-halfway";
  template <class Real>
  static Real back(const Real& b, const Real& beta) {
    return (b + beta) / Real(2);
  }
  template <class Real>
  static Real next_b(const Real& b, const Real& beta, const BetaStep<Real>& step) {
    return b + (beta + step.update - b) / Real(8);
  }
};

/// Says that it is feedback alignment, and is not.
struct Impostor : FixedFeedback {
  static constexpr std::string_view name = "fa";
  template <class Real>
  static Real back(const Real&, const Real& beta) {
    return beta;
  }
};

/// Another rule under the name of Halfway.
struct Namesake : BetaAlone {
  static constexpr std::string_view name = "test-halfway";
};

/// Largest distance of A, beta and b from the truth over a run, relative to their size.
template <class State, class Truth>
Mpfr distance_from_truth(const gen::Case& c, const LearningRule& rule, const Truth& truth,
                         unsigned digits) {
  const ScopedDigits guard(digits);
  const Instance instance = c.instance();
  const Problem<Mpfr> problem = problem_from<Mpfr>(instance, rule);
  reference::Plain<Mpfr> plain = reference::initial<Mpfr>(instance);
  State state;
  if constexpr (std::is_same_v<State, KernelState<Mpfr>>)
    state = initial_kernel(problem, instance);
  else
    state = initial_weights<Mpfr>(instance);
  Mpfr worst = 0;
  const auto advance = [](const Problem<Mpfr>& pr, const Forward<Mpfr>& at, std::size_t t,
                          State& s) { step(pr, at, t, s); };
  run(problem, state, instance.steps, advance,
      [&](std::size_t t, const State& now, const Forward<Mpfr>&) {
        if (t > 0) plain = reference::step_by(truth, instance, t - 1, plain);
        const Matrix<Mpfr> A = pre_activations(problem, now);
        Mpfr gap = 0, size = 1;
        const auto see = [&](const Mpfr& ours, const Mpfr& theirs) {
          gap += abs(ours - theirs), size += abs(theirs);
        };
        for (Eigen::Index r = 0; r < A.rows(); ++r) {
          const auto row = static_cast<std::size_t>(r);
          for (Eigen::Index o = 0; o < problem.k(); ++o) {
            see(now.beta(r, o), plain.beta[row][static_cast<std::size_t>(o)]);
            see(now.b(r, o), plain.b[row][static_cast<std::size_t>(o)]);
          }
          for (Eigen::Index i = 0; i < problem.n(); ++i)
            see(A(r, i),
                reference::pre_activation(instance, plain, row, static_cast<std::size_t>(i)));
        }
        worst = std::max(worst, Mpfr(gap / size));
        return true;
      });
  return worst;
}

/// As in test_step.cpp: what is left of a true identity is rounding.
void check_shrinks(const Mpfr& at_50, const Mpfr& at_100) {
  RC_ASSERT(at_100 <= Mpfr("1e-45") * std::max(at_50, Mpfr("1e-40")));
}

gen::Limits exact_limits() {
  return {{Activation::identity, Activation::relu}, 5, 3, 2};
}

Instance small_instance(Activation psi = Activation::tanh) {
  NetworkSpec network;
  network.p = 20, network.steps = 3, network.activation = psi;
  return make_instance(make_data({}), network);
}

}  // namespace

TEST_CASE("every rule of the library has a truth, and every truth is of a rule",
          "[dynamics][rules]") {
  const std::vector<std::string> names = names_of_the_library();
  std::set<std::string> known;
  for (const LearningRule& rule : learning_rules())
    if (!rule.name().starts_with("test-")) known.emplace(rule.name());
  CHECK(known == std::set<std::string>(names.begin(), names.end()));
  for (const char* name : {"fa", "bp", "shallow", "sign-symmetric", "kolen-pollack"})
    CHECK(known.contains(name));
}

TEST_CASE("both forms of every rule = its definition", "[dynamics][rules][property]") {
  each_rule([](const LearningRule& rule, const auto& truth) {
    const std::string name(rule.name());
    gen::check_cases(name + ", kernel form", gen::small_case(gen::every_activation(), 10, 6),
                     [&](const gen::Case& c) {
                       check_shrinks(distance_from_truth<KernelState<Mpfr>>(c, rule, truth, 50),
                                     distance_from_truth<KernelState<Mpfr>>(c, rule, truth, 100));
                       return true;
                     });
    gen::check_cases(name + ", weight form", gen::small_case(gen::every_activation(), 10, 6),
                     [&](const gen::Case& c) {
                       check_shrinks(distance_from_truth<WeightState<Mpfr>>(c, rule, truth, 50),
                                     distance_from_truth<WeightState<Mpfr>>(c, rule, truth, 100));
                       return true;
                     });
  });
}

TEST_CASE("by every rule, exactly: the forms agree and the recursion has no residual",
          "[dynamics][rules][property]") {
  std::vector<LearningRule> rules = {learning_rule<Halfway>()};
  each_rule([&](const LearningRule& rule, const auto&) { rules.push_back(rule); });
  for (const LearningRule& rule : rules)
    gen::check_cases(
        std::string(rule.name()), gen::nasty_case(exact_limits()), [&](const gen::Case& c) {
          const Instance instance = c.instance();
          const Problem<Exact> problem = problem_from<Exact>(instance, rule);
          KernelState<Exact> state = initial_kernel(problem, instance);
          WeightState<Exact> weights = initial_weights<Exact>(instance);
          Transition<Exact> s;
          Forward<Exact> at;
          for (std::size_t t = 0; t < instance.steps; ++t) {
            s.before = state;
            forward(problem, state, s.at);
            step(problem, s.at, t, state);
            forward(problem, state, s.next);
            s.after = state;
            const Matrix<Exact> residual = recursion_residual(problem, s, t);
            RC_ASSERT(residual == Matrix<Exact>::Zero(residual.rows(), residual.cols()));
            forward(problem, weights, at);
            step(problem, at, t, weights);
            RC_ASSERT(state.A == pre_activations(problem, weights));
            RC_ASSERT(state.beta == weights.beta);
            RC_ASSERT(state.b == weights.b);
            RC_ASSERT(rule.b_moves() || state.b == problem.b);
            RC_ASSERT(rule.hidden_learns() || state.A == s.before.A);
          }
          return true;
        });
}

TEST_CASE("Kolen-Pollack, exactly: b - beta shrinks by 1 - eta lambda(t) a step",
          "[dynamics][rules][property]") {
  gen::check_cases("b - beta", gen::nasty_case(exact_limits()), [](const gen::Case& c) {
    const Instance instance = c.instance();
    const Problem<Exact> problem =
        problem_from<Exact>(instance, learning_rule_from("kolen-pollack"));
    KernelState<Exact> state = initial_kernel(problem, instance);
    Matrix<Exact> apart = state.b - state.beta;
    bool moved = false;
    Forward<Exact> at;
    for (std::size_t t = 0; t < instance.steps; ++t) {
      forward(problem, state, at);
      step(problem, at, t, state);
      apart = apart * Exact(Exact(1) - problem.eta * Exact(problem.penalty(t)));
      RC_ASSERT(state.b - state.beta == apart);
      moved = moved || state.b != problem.b;
    }
    return moved;
  });
}

TEST_CASE("sign-symmetric: magnitudes of b, signs of beta, 0 where beta is 0",
          "[dynamics][rules]") {
  const std::vector<double> b = {2, -3, 5, -7, 11, 0}, beta = {1, 1, -1, -1, 0, -4};
  std::vector<double> back(b.size());
  learning_rule_from("sign-symmetric").actions<double>().back(b, beta, back);
  CHECK(back == std::vector<double>{2, 3, -5, -7, 0, 0});
}

TEST_CASE("portable runs of every rule agree with the fast ones within rounding",
          "[dynamics][rules][property]") {
  each_rule([](const LearningRule& rule, const auto&) {
    gen::check_cases(std::string(rule.name()), gen::small_case(gen::smooth_activations()),
                     [&](const gen::Case& c) {
                       const Instance instance = c.instance();
                       const PortableRun portable = portable_run(instance, rule);
                       const Problem<double> problem = problem_from<double>(instance, rule);
                       KernelState<double> state = initial_kernel(problem, instance);
                       double largest = 0;
                       const Outcome outcome = run(
                           problem, state, instance.steps, true_step<double>(),
                           [&](std::size_t t, const auto&, const Forward<double>& at) {
                             RC_ASSERT(t < portable.error.size());
                             const double size = 1 + at.e.norm() + problem.y.norm();
                             RC_ASSERT(std::abs(at.e.norm() - portable.error[t]) <= 1e-9 * size);
                             largest = std::max(largest, at.e.norm());
                             return largest < 1e3;
                           });
                       if (outcome.diverged_at || largest >= 1e3) return false;
                       const Matrix<double> b = matrix_from<double>(portable.b),
                                            beta = matrix_from<double>(portable.beta);
                       RC_ASSERT((b - state.b).norm() <= 1e-9 * (1 + state.b.norm()));
                       RC_ASSERT((beta - state.beta).norm() <= 1e-9 * (1 + state.beta.norm()));
                       return true;
                     });
  });
}

TEST_CASE("a rule from outside runs in every number type and is found by its name",
          "[dynamics][rules]") {
  const LearningRule rule = learning_rule<Halfway>();
  CHECK(rule == learning_rule<Halfway>());
  CHECK(rule != learning_rule<Namesake>());
  CHECK(rule.b_moves());
  CHECK(rule.hidden_learns());
  register_rule(rule);
  CHECK(learning_rule_from("test-halfway") == rule);
  const Instance instance = small_instance(Activation::identity);
  const auto last_error = [&](auto zero) {
    using Real = decltype(zero);
    const Problem<Real> problem = problem_from<Real>(instance, rule);
    KernelState<Real> state = initial_kernel(problem, instance);
    Forward<Real> at;
    for (std::size_t t = 0; t < instance.steps; ++t) {
      forward(problem, state, at);
      step(problem, at, t, state);
    }
    forward(problem, state, at);
    return to_double(at.e(0, 0));
  };
  const ScopedDigits digits(50);
  const double exact = last_error(Exact(0));
  CHECK(last_error(0.0) == Approx(exact).epsilon(1e-12));
  CHECK(last_error(0.0f) == Approx(exact).epsilon(1e-3));
  CHECK(last_error(Mpfr(0)) == Approx(exact).epsilon(1e-15));
  CHECK(last_error(BinFloat100(0)) == Approx(exact).epsilon(1e-15));
  CHECK(last_error(0.0) != Approx([&] {
                             const Problem<double> fa = problem_from<double>(instance);
                             KernelState<double> state = initial_kernel(fa, instance);
                             Forward<double> at;
                             for (std::size_t t = 0; t < instance.steps; ++t)
                               forward(fa, state, at), step(fa, at, t, state);
                             forward(fa, state, at);
                             return at.e(0, 0);
                           }())
                               .epsilon(1e-6));

  CHECK_THROWS_WITH(register_rule(rule), Catch::Contains("'test-halfway' is not accepted"));
  CHECK_THROWS_WITH(register_rule(learning_rule<Namesake>()),
                    Catch::Contains("'test-halfway' is not accepted"));
  CHECK_THROWS_WITH(register_rule(learning_rule<Impostor>()),
                    Catch::Contains("'fa' is not accepted"));
  CHECK_THROWS_AS(register_rule(Rule::bp), InputError);
  CHECK(learning_rule_from("fa") == Rule::fa);
}

TEST_CASE("b moves by what beta was and receives, whatever else the rule makes of it",
          "[dynamics][rules][property]") {
  gen::check_cases("halfway, exactly", gen::nasty_case(exact_limits()), [](const gen::Case& c) {
    const Instance instance = c.instance();
    const Problem<Exact> problem = problem_from<Exact>(instance, learning_rule<Halfway>());
    KernelState<Exact> state = initial_kernel(problem, instance);
    Forward<Exact> at;
    for (std::size_t t = 0; t < instance.steps; ++t) {
      const Matrix<Exact> beta = state.beta, b = state.b, A = state.A;
      forward(problem, state, at);
      step(problem, at, t, state);
      const Exact kept = Exact(1) - problem.eta * Exact(problem.penalty(t));
      const Matrix<Exact> received = state.beta - beta * kept;
      RC_ASSERT(state.b == b + (beta + received - b) / Exact(8));
      // The error returned through halfway of the old b and the old beta.
      const Matrix<Exact> back = (b + beta) / Exact(2), sent = back * at.e.transpose();
      const Matrix<Exact> change = at.D.cwiseProduct(sent) * problem.K;
      RC_ASSERT(state.A == A - change * Exact(problem.eta / problem.sqrt_p));
    }
    return instance.steps > 0;
  });
}

TEST_CASE("an unknown rule is refused with all names", "[dynamics][rules]") {
  for (const std::string& name : names_of_the_library()) {
    CHECK(learning_rule_from(name).name() == name);
    CHECK_THROWS_WITH(learning_rule_from("dfa"), Catch::Contains(name));
  }
  CHECK_THROWS_WITH(learning_rule_from("dfa"), Catch::Contains("rule = 'dfa' is not accepted"));
  CHECK_THROWS_AS(learning_rule_from(""), InputError);
}

TEST_CASE("Theorem A knows fa and bp, whatever another rule calls itself", "[dynamics][rules]") {
  CHECK(LearningRule(Rule::fa).theorem_rule() == Rule::fa);
  CHECK(LearningRule(Rule::bp).theorem_rule() == Rule::bp);
  CHECK(LearningRule() == Rule::fa);
  CHECK(is_feedback_alignment(LearningRule(Rule::fa)));
  CHECK_FALSE(is_feedback_alignment(LearningRule(Rule::bp)));
  std::vector<LearningRule> others = {learning_rule<Halfway>(), learning_rule<Impostor>(),
                                      learning_rule<Namesake>()};
  for (const char* name : {"shallow", "sign-symmetric", "kolen-pollack"})
    others.push_back(learning_rule_from(name));
  for (const LearningRule& rule : others) {
    INFO(rule.name());
    CHECK_FALSE(rule.theorem_rule().has_value());
    CHECK_FALSE(is_feedback_alignment(rule));
    CHECK(rule != Rule::fa);
    const std::string line = "rule = '" + std::string(rule.name()) +
                             "' is not accepted: give fa or bp, of which Theorem A speaks";
    CHECK_THROWS_WITH(require_theorem_rule(rule), line);
    // What leads to a certificate, a premise or a bound of the theorems refuses it as well.
    const Instance instance = small_instance();
    const Problem<double> problem = problem_from<double>(instance, rule);
    Transition<double> s;
    s.before = initial_kernel(problem, instance);
    forward(problem, s.before, s.at);
    s.after = s.before;
    step(problem, s.at, 0, s.after);
    forward(problem, s.after, s.next);
    CHECK_THROWS_WITH(checkpoint_numbers(problem, s.at, s.before), line);
    CHECK_THROWS_WITH(variant_numbers(problem, s.at, s.before.beta), line);
    CHECK_THROWS_WITH(step_rounding(problem, s.before, s.at, s.after, s.next), line);
    CHECK_THROWS_WITH(recursion_rounding(problem, s), line);
  }
}

TEST_CASE("the fused pass has fa, bp and beta alone, and says so of others", "[dynamics][rules]") {
  const Instance instance = small_instance();
  const auto fused = [&](const LearningRule& rule) {
    const Problem<double> problem = problem_from<double>(instance, rule);
    FusedRun<double> run(problem, initial_kernel(problem, instance));
    run.advance(2);
  };
  for (const LearningRule& rule :
       {LearningRule(Rule::fa), LearningRule(Rule::bp), learning_rule<Namesake>()})
    CHECK_NOTHROW(fused(rule));
  for (const char* name : {"sign-symmetric", "kolen-pollack"})
    CHECK_THROWS_WITH(fused(learning_rule_from(name)),
                      "rule = '" + std::string(name) +
                          "' is not accepted: give fa, bp or shallow in the fused form");
  CHECK_THROWS_AS(fused(learning_rule<Halfway>()), InputError);
  CHECK_THROWS_AS(fused(learning_rule<Impostor>()), InputError);
}
