// SPDX-License-Identifier: Apache-2.0
// The two forms against each other and against a plain reference that shares no code with them.
#include <alignproof/dynamics/step.hpp>

#include <algorithm>
#include <cmath>
#include <type_traits>

#include <alignproof/dynamics/bin_float.hpp>
#include <alignproof/dynamics/exact.hpp>
#include <alignproof/dynamics/mpfr.hpp>
#include <alignproof/dynamics/portable.hpp>
#include <alignproof/dynamics/run.hpp>

#include "generators/generators.hpp"
#include "property.hpp"
#include "reference/plain.hpp"

using namespace alignproof;

namespace {

/// Largest distance of pre-activations and beta from the reference over a run, relative to their
/// size.
template <class State>
Mpfr distance_from_reference(const gen::Case& c, unsigned digits) {
  const ScopedDigits guard(digits);
  const Instance instance = c.instance();
  const Problem<Mpfr> problem = problem_from<Mpfr>(instance, c.rule);
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
        if (t > 0) plain = reference::step(instance, c.rule, t - 1, plain);
        const Matrix<Mpfr> A = pre_activations(problem, now);
        Mpfr gap = 0, size = 1;
        for (std::size_t r = 0; r < instance.p(); ++r) {
          for (std::size_t o = 0; o < instance.k(); ++o) {
            gap += abs(now.beta(r, o) - plain.beta[r][o]);
            size += abs(plain.beta[r][o]);
          }
          for (std::size_t i = 0; i < instance.n(); ++i) {
            const Mpfr a = reference::pre_activation(instance, plain, r, i);
            gap += abs(A(r, i) - a);
            size += abs(a);
          }
        }
        worst = std::max(worst, Mpfr(gap / size));
        return true;
      });
  return worst;
}

/// A true identity leaves rounding only: from 50 to 100 digits what is left shrinks by 10^50 up to
/// a few digits. Where 50 digits happen to leave nothing, 10^-40 stands for what they could have
/// left.
void check_shrinks(const Mpfr& at_50, const Mpfr& at_100) {
  RC_ASSERT(at_100 <= Mpfr("1e-45") * std::max(at_50, Mpfr("1e-40")));
}

}  // namespace

TEST_CASE("kernel form = definition", "[dynamics][property]") {
  gen::check_cases("kernel form, 50 and 100 digits",
                   gen::small_case(gen::every_activation(), 12, 8), [](const gen::Case& c) {
                     check_shrinks(distance_from_reference<KernelState<Mpfr>>(c, 50),
                                   distance_from_reference<KernelState<Mpfr>>(c, 100));
                     return true;
                   });
}

TEST_CASE("weight form = definition", "[dynamics][property]") {
  gen::check_cases("weight form, 50 and 100 digits",
                   gen::small_case(gen::every_activation(), 12, 8), [](const gen::Case& c) {
                     check_shrinks(distance_from_reference<WeightState<Mpfr>>(c, 50),
                                   distance_from_reference<WeightState<Mpfr>>(c, 100));
                     return true;
                   });
}

TEST_CASE("Z recovers the hidden weights: W = W0 + Z X", "[dynamics][property]") {
  gen::check_cases(
      "at 60 digits, to 40", gen::small_case(gen::every_activation(), 12, 8),
      [](const gen::Case& c) {
        const ScopedDigits guard(60);
        const Instance instance = c.instance();
        const Problem<Mpfr> problem = problem_from<Mpfr>(instance, c.rule);
        KernelState<Mpfr> kernel = initial_kernel(problem, instance);
        WeightState<Mpfr> weights = initial_weights<Mpfr>(instance);
        Forward<Mpfr> at;
        for (std::size_t t = 0; t < instance.steps; ++t) {
          forward(problem, kernel, at);
          step(problem, at, t, kernel);
          forward(problem, weights, at);
          step(problem, at, t, weights);
        }
        const Matrix<Mpfr> recovered = matrix_from<Mpfr>(instance.W0) + kernel.Z * problem.X;
        RC_ASSERT((recovered - weights.W).norm() <= Mpfr("1e-40") * (1 + weights.W.norm()));
        return kernel.Z.norm() > 0;
      });
}

TEST_CASE("divergence is a result with a step", "[dynamics]") {
  NetworkSpec spec;
  spec.p = 50, spec.eta = 30, spec.steps = 100000;
  const Instance instance = make_instance(make_data({}), spec);
  const auto outcome_in = [&](auto zero) {
    using Real = decltype(zero);
    const Problem<Real> problem = problem_from<Real>(instance);
    KernelState<Real> state = initial_kernel(problem, instance);
    return run(problem, state, instance.steps, true_step<Real>(),
               [](std::size_t, const auto&, const auto&) { return true; });
  };
  const Outcome in_double = outcome_in(0.0), in_float = outcome_in(0.0f);
  REQUIRE(in_double.diverged_at.has_value());
  REQUIRE(in_float.diverged_at.has_value());
  CHECK(*in_double.diverged_at < 1000);
  CHECK(*in_float.diverged_at <= *in_double.diverged_at);  // float overflows first
}

TEST_CASE("cosine of a vanishing vector is 0, never nan", "[dynamics]") {
  const Matrix<double> zero = Matrix<double>::Zero(3, 1), one = Matrix<double>::Ones(3, 1);
  CHECK(cosine(zero, one) == 0);
  CHECK(cosine(one, zero) == 0);
  CHECK(cosine(one, one) == Approx(1));
  CHECK(cosine(one, Matrix<double>(-one)) == Approx(-1));
}

TEST_CASE("signal angle: per sample by its definition, the weight angle with one output",
          "[dynamics][property]") {
  gen::check_cases("signal angle", gen::small_case(gen::every_activation()),
                   [](const gen::Case& c) {
                     const Instance instance = c.instance();
                     const Problem<double> problem = problem_from<double>(instance, c.rule);
                     Forward<double> at;
                     const KernelState<double> state = initial_kernel(problem, instance);
                     forward(problem, state, at);
                     const double signal = signal_cosine(problem.b, state.beta, at.e);
                     RC_ASSERT(std::abs(signal) <= 1 + 1e-14);
                     double mean = 0;
                     bool all_nonzero = true;
                     for (Eigen::Index i = 0; i < problem.n(); ++i) {
                       double dot = 0, sent = 0, fed = 0;
                       for (Eigen::Index r = 0; r < problem.p(); ++r) {
                         double s = 0, f = 0;
                         for (Eigen::Index o = 0; o < problem.k(); ++o)
                           s += state.beta(r, o) * at.e(i, o), f += problem.b(r, o) * at.e(i, o);
                         dot += s * f, sent += s * s, fed += f * f;
                       }
                       all_nonzero = all_nonzero && sent > 1e-200 && fed > 1e-200;
                       if (sent > 0 && fed > 0) mean += dot / std::sqrt(sent) / std::sqrt(fed);
                     }
                     RC_ASSERT(!all_nonzero ||
                               std::abs(signal - mean / static_cast<double>(problem.n())) <= 1e-12);
                     if (all_nonzero && problem.k() == 1)
                       RC_ASSERT(std::abs(signal - cosine(problem.b, state.beta)) <= 1e-12);
                     return all_nonzero;
                   });
}

TEST_CASE("exact arithmetic: both forms are equal and the recursion has no residual",
          "[dynamics][property]") {
  gen::check_cases("in Q(sqrt p)",
                   gen::nasty_case({{Activation::identity, Activation::relu}, 5, 3, 2}),
                   [](const gen::Case& c) {
                     const Instance instance = c.instance();
                     const Problem<Exact> problem = problem_from<Exact>(instance, c.rule);
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
                     }
                     return true;
                   });
}

TEST_CASE("cpp_bin_float and MPFR follow the same run", "[dynamics][property]") {
  // Both carry about 100 digits; a run of a few steps may lose some.
  gen::check_cases("100 digits in two types", gen::small_case(gen::every_activation(), 10, 4),
                   [](const gen::Case& c) {
                     const ScopedDigits guard(100);
                     const Instance instance = c.instance();
                     const auto last_error = [&](auto zero) {
                       using Real = decltype(zero);
                       const Problem<Real> problem = problem_from<Real>(instance, c.rule);
                       KernelState<Real> state = initial_kernel(problem, instance);
                       Forward<Real> at;
                       for (std::size_t t = 0; t < instance.steps; ++t) {
                         forward(problem, state, at);
                         step(problem, at, t, state);
                       }
                       forward(problem, state, at);
                       return at.e;
                     };
                     const Matrix<Mpfr> a = last_error(Mpfr(0));
                     const Matrix<Mpfr> b =
                         last_error(BinFloat100(0)).unaryExpr([](const BinFloat100& x) -> Mpfr {
                           return Mpfr(x.str(0, std::ios_base::scientific));
                         });
                     RC_ASSERT((a - b).norm() <= Mpfr("1e-85") * (1 + a.norm()));
                     return a.norm() > 0;
                   });
}

TEST_CASE("the portable run and the fast one agree within what rounding can do",
          "[dynamics][property]") {
  gen::check_cases("portable", gen::small_case(gen::smooth_activations()), [](const gen::Case& c) {
    const Instance instance = c.instance();
    const PortableRun portable = portable_run(instance, c.rule);
    const Problem<double> problem = problem_from<double>(instance, c.rule);
    KernelState<double> state = initial_kernel(problem, instance);
    run(problem, state, instance.steps, true_step<double>(),
        [&](std::size_t t, const auto&, const Forward<double>& at) {
          RC_ASSERT(t < portable.error.size());
          // Both may be off by 2^-53 times the size of the sums, amplified step by step; an
          // error of the formula would show in the first digits.
          const double size = 1 + at.e.norm() + problem.y.norm();
          RC_ASSERT(std::abs(at.e.norm() - portable.error[t]) <= 1e-9 * size);
          return at.e.norm() < 1e3;
        });
    return true;
  });
}
