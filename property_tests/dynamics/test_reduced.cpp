// SPDX-License-Identifier: Apache-2.0
// The reduced form of linear networks against the kernel form with all weights: exactly, at many
// digits, in double within the derived bound, and enclosed by balls.
#include <alignproof/bounds/reduced_rounding.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include <alignproof/dynamics/exact.hpp>
#include <alignproof/dynamics/mpfr.hpp>
#include <alignproof/dynamics/run.hpp>

#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// Linear networks, by the rule that has a reduced form, as `simulate --form reduced` runs them
/// with these further options.
rc::Gen<gen::Case> linear_case(std::size_t p = 40, std::size_t steps = 12,
                               const std::string& options = "") {
  return rc::gen::map(
      gen::run_as("--form reduced" + options, gen::small_case({Activation::identity}, p, steps)),
      [](gen::Case c) {
        c.rule = Rule::fa;
        return c;
      });
}

/// Calls compare(t, kernel problem, kernel state, its forward values, reduced state, its forward
/// values) along a run. The kernel form has the weights of `instance`, the reduced one `network`.
template <class Real, class Compare>
void side_by_side(const Instance& instance, const LinearNetwork& network, std::size_t steps,
                  const Compare& compare) {
  const Problem<Real> problem = problem_from<Real>(instance);
  const ReducedProblem<Real> reduced = reduced_problem<Real>(network);
  KernelState<Real> weights = initial_kernel(problem, instance);
  ReducedState<Real> state = initial_reduced(reduced);
  Forward<Real> all;
  ReducedForward<Real> at;
  for (std::size_t t = 0;; ++t) {
    forward(problem, weights, all);
    forward(reduced, state, at);
    compare(t, problem, weights, all, reduced, state, at);
    if (t == steps) return;
    step(problem, all, t, weights);
    step(reduced, at, t, state);
  }
}

/// All that needs no square root, difference by difference: calls see(reduced, from weights).
template <class Real, class See>
void rational_quantities(const Problem<Real>& problem, const KernelState<Real>& weights,
                         const Matrix<Real>& beta0, const Matrix<Real>& A0,
                         const Forward<Real>& all, const ReducedProblem<Real>& reduced,
                         const ReducedState<Real>& state, const ReducedForward<Real>& at,
                         const See& see) {
  const Matrix<Real>& beta = weights.beta;
  const Matrix<Real> moved = beta - beta0;
  see(at.e, all.e);
  see(at.b_beta, problem.b.transpose() * beta);
  see(beta_gram(reduced, state, state.c), beta.transpose() * beta);
  see(Matrix<Real>::Constant(1, 1, beta_square(reduced, state)),
      Matrix<Real>::Constant(1, 1, (beta.transpose() * beta).trace()));
  see(Matrix<Real>::Constant(1, 1, displacement_square(reduced, state)),
      Matrix<Real>::Constant(1, 1, (moved.transpose() * moved).trace()));
  // The weights themselves.
  const Matrix<Real> A = A0 - problem.b * at.z.transpose() / problem.sqrt_p;
  const Matrix<Real> beta_again =
      beta0 * state.c - A0 * state.u / problem.sqrt_p + problem.b * state.w;
  see(A, weights.A);
  see(beta_again, beta);
}

/// The network with units that do nothing, so that it has as many rows as its width says.
Instance with_all_units(const LinearNetwork& network) {
  Instance instance = network.weights;
  for (Array* part : {&instance.W0, &instance.beta0, &instance.b}) {
    const std::size_t cols = part->cols();
    part->shape[0] = network.p;
    part->values.resize(network.p * cols, 0.0);
  }
  return instance;
}

void check_exactly(const Instance& instance, const LinearNetwork& network, std::size_t steps) {
  const Matrix<Exact> W0 = matrix_from<Exact>(instance.W0);
  const Matrix<Exact> A0 = W0 * matrix_from<Exact>(instance.X).transpose();
  const Matrix<Exact> beta0 = matrix_from<Exact>(instance.beta0);
  side_by_side<Exact>(
      instance, network, steps,
      [&](std::size_t, const auto& problem, const auto& weights, const auto& all,
          const auto& reduced, const auto& state, const auto& at) {
        rational_quantities<Exact>(
            problem, weights, beta0, A0, all, reduced, state, at,
            [](const Matrix<Exact>& a, const Matrix<Exact>& b) { RC_ASSERT(a == b); });
      });
}

/// The largest difference along a run, relative to size; cosines count too.
Mpfr distance_of_forms(const gen::Case& c, unsigned digits) {
  const ScopedDigits guard(digits);
  const Instance instance = c.instance();
  const Matrix<Mpfr> A0 =
      matrix_from<Mpfr>(instance.W0) * matrix_from<Mpfr>(instance.X).transpose();
  const Matrix<Mpfr> beta0 = matrix_from<Mpfr>(instance.beta0);
  Mpfr worst = 0;
  side_by_side<Mpfr>(
      instance, linear_network(instance), instance.steps,
      [&](std::size_t, const auto& problem, const auto& weights, const auto& all,
          const auto& reduced, const auto& state, const auto& at) {
        const Mpfr scale = 1 + weights.beta.squaredNorm() + problem.b.squaredNorm() +
                           weights.A.squaredNorm() + beta0.squaredNorm();
        const auto see = [&](const Matrix<Mpfr>& a, const Matrix<Mpfr>& b) {
          worst = std::max(worst, Mpfr((a - b).norm() / scale));
        };
        rational_quantities<Mpfr>(problem, weights, beta0, A0, all, reduced, state, at, see);
        const auto number = [](const Mpfr& x) { return Matrix<Mpfr>::Constant(1, 1, x).eval(); };
        // Of directions of nothing there is no cosine to compare.
        if (weights.beta.norm() > 1e-3)
          see(number(cosine(reduced, state, at)), number(cosine(problem.b, weights.beta)));
        bool directions = true;
        for (Eigen::Index i = 0; i < all.e.rows(); ++i) {
          const Matrix<Mpfr> e = all.e.row(i).transpose();
          directions =
              directions && (weights.beta * e).norm() > 1e-6 && (problem.b * e).norm() > 1e-6;
        }
        if (directions)
          see(number(signal_cosine(reduced, state, at)),
              number(signal_cosine(problem.b, weights.beta, all.e)));
      });
  return worst;
}

/// What kernel-form weights say at 100 digits.
struct Reference {
  std::vector<Matrix<Mpfr>> e, b_beta;
  std::vector<Mpfr> error, cosine, beta_square, displacement;
};

Reference reference_run(const Instance& instance, std::size_t steps) {
  const Problem<Mpfr> problem = problem_from<Mpfr>(instance);
  const Matrix<Mpfr> beta0 = matrix_from<Mpfr>(instance.beta0);
  KernelState<Mpfr> state = initial_kernel(problem, instance);
  Forward<Mpfr> at;
  Reference r;
  for (std::size_t t = 0;; ++t) {
    forward(problem, state, at);
    r.e.push_back(at.e);
    r.b_beta.push_back(problem.b.transpose() * state.beta);
    r.error.push_back(at.e.norm());
    // At most 1, which 100 digits may miss by their own rounding; NaN where it is lost.
    r.cosine.push_back(std::clamp(cosine(problem.b, state.beta), Mpfr(-1), Mpfr(1)));
    r.beta_square.push_back(state.beta.squaredNorm());
    r.displacement.push_back((state.beta - beta0).norm());
    if (t == steps) return r;
    step(problem, at, t, state);
  }
}

template <class Real>
Matrix<Mpfr> widened(const Matrix<Real>& m) {
  return m.unaryExpr([](const Real& x) -> Mpfr { return Mpfr(x); });
}

/// error / bound at best, over a run in Real; 0 where there is nothing to bound.
template <class Real>
struct Tightness {
  double e = 0, cosine = 0;
  Real largest_relative = Real(0);  ///< bound of e over |e| + |y|
};

/// Beyond this squares and their bounds leave the range of doubles: such runs have diverged.
constexpr double largest_size = 1e30;

/// A run in Real (its digits are `digits` for Mpfr) against 100 digits.
template <class Real>
Tightness<Real> check_bound(const LinearNetwork& network, const Instance& all, unsigned digits) {
  using std::abs;
  const ScopedDigits guard(100);
  const Reference exact = reference_run(all, all.steps);
  const ReducedProblem<Mpfr> exact_problem = reduced_problem<Mpfr>(network);
  ReducedState<Mpfr> exact_state = initial_reduced(exact_problem);
  ReducedForward<Mpfr> exact_at;
  std::optional<ScopedDigits> few;
  few.emplace(digits);
  const ReducedProblem<Real> problem = reduced_problem<Real>(network);
  const ReducedProblemRounding<Real> fixed = reduced_problem_rounding(network, problem);
  few.emplace(100u);
  // An infinite bound says nothing, and what it does not say is true of lost numbers too: where
  // e(0) = 0 up to rounding and eta is beyond stability, the computed run may stand still while
  // the exact one outgrows even Mpfr's exponents.
  const auto covers = [](const Real& bound, const Mpfr& off) {
    return off <= Mpfr(bound) || Mpfr(bound) == std::numeric_limits<Mpfr>::infinity();
  };
  const auto within = [&](const Matrix<Real>& computed, const Matrix<Mpfr>& truth,
                          const Real& bound) {
    RC_ASSERT(covers(bound, (widened(computed) - truth).norm()));
  };
  within(problem.K, exact_problem.K, fixed.K.off);
  within(problem.S, exact_problem.S, fixed.S.off);
  within(problem.f0, exact_problem.f0, fixed.f0.off);
  within(problem.h, exact_problem.h, fixed.h.off);
  within(problem.bb, exact_problem.bb, fixed.bb.off);
  within(problem.bb0, exact_problem.bb0, fixed.bb0.off);
  within(problem.b0b0, exact_problem.b0b0, fixed.b0b0.off);
  few.emplace(digits);
  ReducedState<Real> state = initial_reduced(problem);
  ReducedDrift<Real> drift;
  ReducedForward<Real> at;
  Tightness<Real> best;
  const auto ratio = [](const Mpfr& off, const Real& bound) {
    return bound > Real(0) ? to_double(Mpfr(off / Mpfr(bound))) : 0.0;
  };
  for (std::size_t t = 0;; ++t) {
    forward(problem, state, at);
    const auto bound = reduced_forward_rounding(problem, fixed, state, drift, at);
    const auto beta = beta_square_rounding(problem, fixed, state, drift, state.c);
    const auto moved = beta_square_rounding(problem, fixed, state, drift, Real(state.c - Real(1)));
    const Real in_cosine = cosine_rounding(problem, fixed, state, drift, at, bound);
    const Real cos = cosine(problem, state, at), square = displacement_square(problem, state);
    if (!(to_double(beta.size) < largest_size && to_double(bound.e.size) < largest_size))
      return best;
    few.emplace(100u);
    within(state.u, exact_state.u, drift.u);
    within(state.s, exact_state.s, drift.s);
    within(state.w, exact_state.w, drift.w);
    RC_ASSERT(covers(drift.c, abs(Mpfr(Mpfr(state.c) - exact_state.c))));
    forward(exact_problem, exact_state, exact_at);
    step(exact_problem, exact_at, t, exact_state);
    const Mpfr off = (widened(at.e) - exact.e[t]).norm();
    RC_ASSERT(covers(bound.e.off, off));
    within(at.b_beta, exact.b_beta[t], bound.b_beta.off);
    RC_ASSERT(covers(beta.off, abs(Mpfr(beta.size) - exact.beta_square[t])));
    RC_ASSERT(covers(moved.off, abs(Mpfr(square) - exact.displacement[t] * exact.displacement[t])));
    // A cosine that was lost (infinity by infinity) is one all the same.
    const Mpfr cos_off =
        isnan(exact.cosine[t]) ? Mpfr(abs(Mpfr(cos)) + 1) : Mpfr(abs(Mpfr(cos) - exact.cosine[t]));
    RC_ASSERT(cos_off <= Mpfr(in_cosine));
    best.e = std::max(best.e, ratio(off, bound.e.off));
    best.cosine = std::max(best.cosine, ratio(cos_off, in_cosine));
    few.emplace(digits);
    const Real size = bound.e.size + fixed.y.size + fixed.f0.size;
    if (size > Real(0))
      best.largest_relative = std::max(best.largest_relative, Real(bound.e.off / size));
    if (t == all.steps) return best;
    const auto next = reduced_step_rounding(problem, fixed, t, state, drift, bound);
    step(problem, at, t, state);
    drift = next;
  }
}

/// Whether the balls of a run in Real contain the values at 100 digits; how many say something.
template <class Real>
bool check_balls(const Instance& instance, unsigned digits, std::size_t steps, double narrow) {
  const ScopedDigits guard(100);
  const Reference exact = reference_run(instance, steps);
  const ScopedDigits few(digits);
  const auto problem = reduced_problem<RealBall<Real>>(linear_network(instance));
  ReducedState<RealBall<Real>> state = initial_reduced(problem);
  bool all_narrow = true;
  std::size_t seen = 0;
  const Outcome outcome =
      run_balls(problem, state, steps, [&](std::size_t t, const ReducedBalls<Real>& now) {
        const ScopedDigits many(100);
        const auto contains = [](const RealBall<Real>& ball, const Mpfr& x) {
          const Mpfr slack = Mpfr("1e-90") * (1 + abs(x));  // of the 100 digits
          return Mpfr(ball.lower()) <= x + slack && x - slack <= Mpfr(ball.upper());
        };
        RC_ASSERT(contains(now.error, exact.error[t]));
        RC_ASSERT(contains(now.displacement, exact.displacement[t]));
        RC_ASSERT(contains(now.cosine, exact.cosine[t]));
        for (const auto& ball : {now.error, now.cosine, now.displacement})
          all_narrow = all_narrow && to_double(ball.rad) <= narrow;
        RC_ASSERT(t == seen++);
        return true;
      });
  // Where all is known the run ends only at its last step, or where the exact one diverges too.
  if (outcome.diverged_at.has_value()) {
    RC_ASSERT(!all_narrow || exact.error[*outcome.diverged_at] > divergence_threshold / 2);
    return false;
  }
  RC_ASSERT(seen == steps + 1);
  return all_narrow;
}

}  // namespace

TEST_CASE("exact arithmetic: the reduced form of a linear network is its kernel form",
          "[dynamics][property]") {
  gen::check_cases("reduced, in Q(sqrt p)", linear_case(5, 3, " --number exact"),
                   [](const gen::Case& c) {
                     const Instance instance = c.instance();
                     check_exactly(instance, linear_network(instance), instance.steps);
                     return true;
                   });
}

TEST_CASE("exact arithmetic: units sampled away are units that do nothing",
          "[dynamics][property]") {
  gen::check_cases(
      "sampled, in Q(sqrt p)", linear_case(30, 2, " --weights wishart --number exact"),
      [](const gen::Case& c) {
        const LinearNetwork network = sample_linear_network(make_data(c.data), c.network);
        check_exactly(with_all_units(network), network, std::min<std::size_t>(c.network.steps, 2));
        return network.weights.p() < network.p;
      });
}

TEST_CASE("reduced form = kernel form: what 50 digits leave shrinks with 100",
          "[dynamics][property]") {
  gen::check_cases("reduced, 50 and 100 digits", linear_case(12, 8, " --number mpfr --digits 50"),
                   [](const gen::Case& c) {
                     RC_ASSERT(distance_of_forms(c, 100) <=
                               Mpfr("1e-45") * std::max(distance_of_forms(c, 50), Mpfr("1e-40")));
                     return true;
                   });
}

TEST_CASE("a reduced run in double stays within its derived rounding bound of the full run",
          "[dynamics][bounds][property]") {
  double e = 0, cosine = 0;
  std::size_t runs = 0, sharp = 0;
  gen::check_cases("reduced, double", linear_case(), [&](const gen::Case& c) {
    const Instance instance = c.instance();
    const auto best = check_bound<double>(linear_network(instance), instance, 100);
    e = std::max(e, best.e), cosine = std::max(cosine, best.cosine);
    ++runs, sharp += best.largest_relative < 1e-9;
    return true;
  });
  // A bound that nothing comes near, or that says nothing, proves nothing.
  if (!CaseNumbers::from_environment().many()) return;
  CHECK(e > 0.01);
  CHECK(cosine > 0.001);
  CHECK(3 * sharp > 2 * runs);
}

TEST_CASE("a wide sampled run in double stays within its derived rounding bound",
          "[dynamics][bounds][property]") {
  gen::check_cases(
      "sampled, double", linear_case(300, 40, " --weights wishart"), [](const gen::Case& c) {
        const LinearNetwork network = sample_linear_network(make_data(c.data), c.network);
        const auto best = check_bound<double>(network, with_all_units(network), 100);
        return network.weights.p() < network.p && best.largest_relative < 1e-6;
      });
}

TEST_CASE("a reduced run at 30 digits stays within its derived rounding bound",
          "[dynamics][bounds][property]") {
  gen::check_cases("reduced, 30 digits", linear_case(12, 8, " --number mpfr --digits 30"),
                   [](const gen::Case& c) {
                     const Instance instance = c.instance();
                     check_bound<Mpfr>(linear_network(instance), instance, 30);
                     return true;
                   });
}

TEST_CASE("the bound of a reduced run holds where numbers underflow", "[dynamics][bounds]") {
  // Inputs so short that K and S, then f0 and e, are subnormal or 0; once with targets as short.
  for (const char* inputs : {"1e-100", "1e-155", "1e-162", "1e-200", "1e-310"})
    for (const char* targets : {"zero", "linear"})
      for (const char* initial : {"1", "1e-120"}) {
        const gen::Case c = gen::case_from(
            std::string(
                "alignproof simulate --inputs gaussian --n 3 --d 4 --data-seed 5 --width 6 "
                "--activation identity --eta 0.3 --steps 6 --seed 7 --rule fa --lambda 0.5 ") +
            "--targets " + targets + " --input-scale " + inputs + " --initial-scale " + initial);
        INFO(inputs << ' ' << targets << ' ' << initial);
        const Instance instance = c.instance();
        CHECK_NOTHROW(check_bound<double>(linear_network(instance), instance, 100));
      }
}

TEST_CASE("a cosine of 1 in 100 digits is not above the bound of one that is not known",
          "[dynamics][bounds]") {
  // p = 1: the exact cosine is 1 or -1, while beta is below its rounding and the computed one is 0.
  const gen::Case c = gen::case_from(
      "alignproof simulate --inputs gaussian --targets zero --n 5 --d 4 --data-seed 6258 --outputs "
      "2 "
      "--teacher-width 7 --width 1 --activation identity --eta 0.07192661893264535 --steps 8 "
      "--seed "
      "431176 --lambda 1 --cut 3 --feedback parallel --rule fa --form reduced");
  const Instance instance = c.instance();
  CHECK_NOTHROW(check_bound<double>(linear_network(instance), instance, 100));
}

TEST_CASE("a bound of all cosines holds beside the smallest ones", "[dynamics][bounds]") {
  // The computed cosine is so small that 1 + |cosine| rounds to 1, and the exact one is 1 or -1.
  const gen::Case c = gen::case_from(
      "alignproof simulate --inputs repeated --targets zero --n 5 --d 4 --data-seed 279978 "
      "--teacher-width 7 --width 1 --activation identity --eta 0.1895079630489357 --steps 27 "
      "--seed "
      "516348 --rule fa --form reduced --weights wishart");
  const LinearNetwork network = sample_linear_network(make_data(c.data), c.network);
  CHECK_NOTHROW(check_bound<double>(network, with_all_units(network), 100));
}

TEST_CASE("the bound of a sampled run covers an exact run that is lost", "[dynamics][bounds]") {
  // e(0) = 0 up to rounding, eta far beyond stability.
  for (const char* options :
       {"--inputs repeated --n 1 --d 2 --data-seed 948499 --eta 6.639014185059503 --steps 32 "
        "--seed "
        "741453",
        "--inputs sphere --n 1 --d 4 --data-seed 1147 --eta 10.173318743760433 --steps 35 --seed "
        "925625"}) {
    INFO(options);
    const gen::Case c = gen::case_from(
        std::string("alignproof simulate ") + options +
        " --targets linear --teacher-width 7 --width 1 --activation identity --feedback parallel "
        "--zero-error --rule fa --form reduced --weights wishart");
    const LinearNetwork network = sample_linear_network(make_data(c.data), c.network);
    const ScopedDigits guard(100);
    const Reference exact = reference_run(with_all_units(network), network.weights.steps);
    CHECK(isnan(exact.cosine.back()));
    CHECK_NOTHROW(check_bound<double>(network, with_all_units(network), 100));
  }
}

TEST_CASE("what every step loses adds up in the derived bound", "[dynamics][bounds]") {
  // Without inputs e = -y for ever, and u = s = -t eta y: the same rounding again and again.
  Instance instance;
  instance.X = Array({1, 1}), instance.W0 = Array({1, 1});
  instance.y = instance.beta0 = instance.b = Array({1});
  instance.y.values = {0.1}, instance.beta0.values = {1}, instance.b.values = {1};
  instance.activation = Activation::identity, instance.eta = 0.3, instance.steps = 3000;
  const LinearNetwork network = linear_network(instance);
  const auto problem = reduced_problem<double>(network);
  const auto fixed = reduced_problem_rounding(network, problem);
  ReducedState<double> state = initial_reduced(problem);
  ReducedDrift<double> drift;
  ReducedForward<double> at;
  for (std::size_t t = 0; t < instance.steps; ++t) {
    forward(problem, state, at);
    const auto bound = reduced_forward_rounding(problem, fixed, state, drift, at);
    const auto next = reduced_step_rounding(problem, fixed, t, state, drift, bound);
    step(problem, at, t, state);
    drift = next;
  }
  const ScopedDigits guard(100);
  const Mpfr exact = Mpfr(-0.3) * Mpfr(0.1) * Mpfr(static_cast<double>(instance.steps));
  const double off = to_double(Mpfr(abs(Mpfr(state.u(0, 0)) - exact)));
  CHECK(off <= drift.u);
  CHECK(to_double(Mpfr(abs(Mpfr(state.s(0, 0)) - exact))) <= drift.s);
  CHECK(off > 10 * std::abs(state.u(0, 0)) * 0x1p-53);  // far more than one step loses
  CHECK(drift.u <= 1000 * off);
}

TEST_CASE("balls enclose the exact reduced run at every step", "[dynamics][property]") {
  gen::check_cases("balls, 40 digits", linear_case(12, 8, " --number ball --digits 40"),
                   [](const gen::Case& c) {
                     const Instance instance = c.instance();
                     return check_balls<Mpfr>(instance, 40, instance.steps, 1e-20);
                   });
  gen::check_cases("balls, double", linear_case(12, 5), [](const gen::Case& c) {
    const Instance instance = c.instance();
    return check_balls<double>(instance, 100, instance.steps, 1e-5);
  });
}

TEST_CASE("only linear networks have a reduced form", "[dynamics]") {
  NetworkSpec spec;
  spec.p = 10;
  for (Activation activation : all_activations) {
    spec.activation = activation;
    const LinearNetwork network = linear_network(make_instance(make_data({}), spec));
    if (activation == Activation::identity) {
      CHECK_NOTHROW(reduced_problem<double>(network));
      continue;
    }
    const std::string name(to_string(activation));
    CHECK_THROWS_WITH(reduced_problem<double>(network),
                      Catch::Contains("activation = " + name) && Catch::Contains("identity"));
    CHECK_THROWS_AS(reduced_problem<RealBall<double>>(network), InputError);
    CHECK_THROWS_AS(reduced_problem<Exact>(network), InputError);
  }
}

TEST_CASE("a reduced run diverges when the full run does, and its balls do not deny it",
          "[dynamics]") {
  NetworkSpec spec;
  spec.p = 50, spec.eta = 30, spec.activation = Activation::identity;
  const Instance instance = make_instance(make_data({}), spec);
  const Problem<double> problem = problem_from<double>(instance);
  KernelState<double> weights = initial_kernel(problem, instance);
  const Outcome full = run(problem, weights, 1000, true_step<double>(),
                           [](std::size_t, const auto&, const auto&) { return true; });
  const LinearNetwork network = linear_network(instance);
  const auto reduced = reduced_problem<double>(network);
  ReducedState<double> state = initial_reduced(reduced);
  std::size_t calls = 0;
  const Outcome outcome = run(reduced, state, 1000, [&](std::size_t, const auto&, const auto& at) {
    ++calls;
    return at.e.norm() <= divergence_threshold;
  });
  REQUIRE(full.diverged_at.has_value());
  REQUIRE(outcome.diverged_at.has_value());
  CHECK(*outcome.diverged_at == *full.diverged_at);
  CHECK(calls == *outcome.diverged_at);
  CHECK(outcome.steps == calls);

  const auto over_balls = reduced_problem<RealBall<double>>(network);
  ReducedState<RealBall<double>> balls = initial_reduced(over_balls);
  const Outcome enclosed = run_balls(
      over_balls, balls, 1000, [](std::size_t, const auto& now) { return now.error.bounded(); });
  REQUIRE(enclosed.diverged_at.has_value());
  CHECK(*enclosed.diverged_at <= *full.diverged_at);
}

TEST_CASE("a reduced run stops where its observer says, and at its last step", "[dynamics]") {
  NetworkSpec spec;
  spec.p = 20, spec.activation = Activation::identity;
  const auto problem = reduced_problem<double>(linear_network(make_instance(make_data({}), spec)));
  const auto stopped_by = [&](std::size_t steps, std::size_t last) {
    ReducedState<double> state = initial_reduced(problem);
    std::size_t expected = 0;
    return run(problem, state, steps, [&](std::size_t t, const auto&, const auto&) {
      CHECK(t == expected++);
      return t < last;
    });
  };
  CHECK(stopped_by(10, 4).steps == 4);
  CHECK(stopped_by(10, 100).steps == 10);
  CHECK(stopped_by(0, 100).steps == 0);
  CHECK_FALSE(stopped_by(10, 4).diverged_at.has_value());
}
