// SPDX-License-Identifier: Apache-2.0
// The two forms against each other and against a plain reference that shares no code with them.
#include <alignproof/dynamics/step.hpp>

#include <algorithm>
#include <type_traits>

#include <alignproof/dynamics/mpfr.hpp>
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
          gap += abs(now.beta(r) - plain.beta[r]);
          size += abs(plain.beta[r]);
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

TEST_CASE("kernel form = definition", "[dynamics]") {
  rc::prop("the gap shrinks with the precision", [] {
    gen::Case c = *gen::small_case(gen::every_activation(), 12, 8);
    c.network.p += 10;  // with one unit, rounding may vanish by luck at one precision
    check_shrinks(distance_from_reference<KernelState<Mpfr>>(c, 50),
                  distance_from_reference<KernelState<Mpfr>>(c, 100));
  });
}

TEST_CASE("weight form = definition", "[dynamics]") {
  rc::prop("the gap shrinks with the precision", [] {
    gen::Case c = *gen::small_case(gen::every_activation(), 12, 8);
    c.network.p += 10;  // with one unit, rounding may vanish by luck at one precision
    check_shrinks(distance_from_reference<WeightState<Mpfr>>(c, 50),
                  distance_from_reference<WeightState<Mpfr>>(c, 100));
  });
}

TEST_CASE("Z recovers the hidden weights: W = W0 + Z X", "[dynamics]") {
  rc::prop("at 60 digits, to 40", [] {
    const gen::Case c = *gen::small_case(gen::every_activation(), 12, 8);
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
  const Vector<double> zero = Vector<double>::Zero(3), one = Vector<double>::Ones(3);
  CHECK(cosine(zero, one) == 0);
  CHECK(cosine(one, zero) == 0);
  CHECK(cosine(one, one) == Approx(1));
  CHECK(cosine(one, Vector<double>(-one)) == Approx(-1));
}
