// SPDX-License-Identifier: Apache-2.0
// The error recursion, in every number type.
#include <alignproof/dynamics/recursion.hpp>

#include <algorithm>
#include <utility>

#include <alignproof/bounds/mpfr.hpp>
#include <alignproof/bounds/rounding.hpp>
#include <alignproof/dynamics/run.hpp>

#include "generators/generators.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// Calls look(transition, problem, t) for every step of a run.
template <class Real, class Look>
void each_step(const gen::Case& c, const Look& look) {
  const Instance instance = c.instance();
  const Problem<Real> problem = problem_from<Real>(instance, c.rule);
  KernelState<Real> state = initial_kernel(problem, instance);
  Transition<Real> s;
  run(problem, state, instance.steps, true_step<Real>(),
      [&](std::size_t t, const KernelState<Real>& now, const Forward<Real>& at) {
        s.before = std::move(s.after), s.at = std::move(s.next);
        s.after = now, s.next = at;
        if (t > 0) look(problem, s, t - 1);
        // Beyond this squares of norms leave the range of the type: the run has diverged.
        return to_double(at.e.norm()) < 1e15 && to_double(now.beta.norm()) < 1e15;
      });
}

struct Largest {
  Mpfr residual = 0, bound = 0;  ///< over the steps of a run, relative to 1 + |e|
};

Largest largest_at(unsigned digits, const gen::Case& c) {
  const ScopedDigits guard(digits);
  Largest worst;
  each_step<Mpfr>(c, [&](const Problem<Mpfr>& problem, const Transition<Mpfr>& s, std::size_t t) {
    const Mpfr scale = 1 + s.at.e.norm();
    const Mpfr residual = recursion_residual(problem, s, t).norm() / scale;
    worst.residual = std::max(worst.residual, residual);
    worst.bound = std::max(worst.bound, Mpfr(recursion_rounding(problem, s) / scale));
  });
  return worst;
}

/// Whether a step was made at all: e(0) = 0 with y = 0 makes the recursion trivial.
template <class Real>
bool check_below_bound(const gen::Case& c) {
  bool moved = false;
  each_step<Real>(c, [&](const Problem<Real>& problem, const Transition<Real>& s, std::size_t t) {
    moved = moved || s.at.e.norm() > Real(0);
    RC_ASSERT(recursion_residual(problem, s, t).norm() <= recursion_rounding(problem, s));
  });
  return moved;
}

}  // namespace

TEST_CASE("the recursion holds below its rounding bound in every number type",
          "[dynamics][property]") {
  gen::check_cases("recursion in double", gen::nasty_case(), check_below_bound<double>);
  gen::check_cases("recursion in float", gen::small_case(gen::every_activation()),
                   check_below_bound<float>);
  for (unsigned digits : {20u, 50u, 100u})
    gen::check_cases("recursion at " + std::to_string(digits) + " digits",
                     gen::nasty_case({gen::every_activation(), 12, 6}), [&](const gen::Case& c) {
                       const ScopedDigits guard(digits);
                       return check_below_bound<Mpfr>(c);
                     });
}

TEST_CASE("the residual shrinks by 10^50 from 50 to 100 digits", "[dynamics][property]") {
  gen::check_cases(
      "residual at 50 and 100 digits", gen::nasty_case({gen::every_activation(), 12, 6}),
      [](const gen::Case& c) {
        const Largest at_50 = largest_at(50, c), at_100 = largest_at(100, c);
        // In small networks rounding errors may all vanish by luck at one precision and not at the
        // other; what 50 digits could have left, the derived bound, then stands for what they left.
        RC_ASSERT(at_100.residual <= Mpfr("1e-45") * std::max(at_50.residual, at_50.bound));
        return at_50.bound > 0;
      });
}

TEST_CASE("G is positive semidefinite, H symmetric with one output", "[dynamics][property]") {
  gen::check_cases(
      "G and H up to rounding", gen::small_case(gen::every_activation()), [](const gen::Case& c) {
        each_step<double>(
            c, [&](const Problem<double>& problem, const Transition<double>& s, std::size_t) {
              const Matrix<double> G = gram_G(s.at),
                                   H = gram_H(problem, s.at, s.before.b, s.before.beta);
              const auto p = static_cast<double>(problem.p());
              RC_ASSERT(extreme_eigenvalues(G).min >= -1e-13 * p * G.trace());
              if (problem.k() == 1 || problem.rule == Rule::bp)
                RC_ASSERT((H - H.transpose()).norm() <= 1e-13 * p * (1 + H.norm()));
            });
        return true;
      });
}
