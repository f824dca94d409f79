// SPDX-License-Identifier: Apache-2.0
// The reduced form is compiled once a number type, in the library; over balls it must be, since
// rigorous code is never compiled with a consumer's flags.
#pragma once

#include <alignproof/dynamics/reduced.hpp>
#include <alignproof/linalg/ball_entries.hpp>
#include <alignproof/scalar/exact.hpp>
#include <alignproof/scalar/mpfr.hpp>

#define ALIGNPROOF_REDUCED(EXTERN, Real)                                                     \
  EXTERN template ReducedProblem<Real> reduced_problem<Real>(const LinearNetwork&);          \
  EXTERN template ReducedState<Real> initial_reduced<Real>(const ReducedProblem<Real>&);     \
  EXTERN template void forward<Real>(const ReducedProblem<Real>&, const ReducedState<Real>&, \
                                     ReducedForward<Real>&);                                 \
  EXTERN template void step<Real>(const ReducedProblem<Real>&, const ReducedForward<Real>&,  \
                                  std::size_t, ReducedState<Real>&);                         \
  EXTERN template Matrix<Real> beta_gram<Real>(const ReducedProblem<Real>&,                  \
                                               const ReducedState<Real>&, const Real&);

namespace alignproof {

ALIGNPROOF_REDUCED(extern, double)
ALIGNPROOF_REDUCED(extern, float)
ALIGNPROOF_REDUCED(extern, Mpfr)
ALIGNPROOF_REDUCED(extern, Exact)
ALIGNPROOF_REDUCED(extern, RealBall<double>)
ALIGNPROOF_REDUCED(extern, RealBall<Mpfr>)

/// |e|, and cos(b, beta) over balls: the numbers of every state in the ball. Nothing is known of a
/// cosine whose norms may vanish. Throws std::runtime_error as require_ieee_arithmetic does.
template <class Real>
struct ReducedBalls {
  RealBall<Real> error, cosine, displacement;
};
template <class Real>
ReducedBalls<Real> measure(const ReducedProblem<RealBall<Real>>& problem,
                           const ReducedState<RealBall<Real>>& state,
                           const ReducedForward<RealBall<Real>>& at);

/// As `run`, over balls; also stops, as diverged, at a step of whose error nothing is known.
template <class Real, class Observe>
Outcome run_balls(const ReducedProblem<RealBall<Real>>& problem,
                  ReducedState<RealBall<Real>>& state, std::size_t steps, const Observe& observe) {
  ReducedForward<RealBall<Real>> at;
  for (std::size_t t = 0;; ++t) {
    forward(problem, state, at);
    const ReducedBalls<Real> now = measure(problem, state, at);
    if (!(to_double(now.error.upper()) <= divergence_threshold)) return {t, t};
    if (!observe(t, now) || t == steps) return {t, std::nullopt};
    step(problem, at, t, state);
  }
}

}  // namespace alignproof
