// SPDX-License-Identifier: Apache-2.0
// The one place where the reduced form is compiled for balls.
#include <alignproof/dynamics/reduced_instantiations.hpp>
#include <alignproof/scalar/ieee.hpp>

namespace alignproof {

ALIGNPROOF_REDUCED(, RealBall<double>)
ALIGNPROOF_REDUCED(, RealBall<Mpfr>)

template <class Real>
ReducedBalls<Real> measure(const ReducedProblem<RealBall<Real>>& problem,
                           const ReducedState<RealBall<Real>>& state,
                           const ReducedForward<RealBall<Real>>& at) {
  require_ieee_arithmetic("measure");
  using Ball = RealBall<Real>;
  Ball square(Real(0));
  for (const Ball& e : at.e.reshaped()) square += e * e;
  const Ball beta = beta_gram<Ball>(problem, state, state.c).trace();
  const Ball moved = beta_gram<Ball>(problem, state, state.c - Ball(Real(1))).trace();
  const Ball norms = sqrt(Ball(problem.bb.trace())) * sqrt(beta);
  return {sqrt(square), Ball(at.b_beta.trace()) / norms, sqrt(moved)};
}

template ReducedBalls<double> measure<double>(const ReducedProblem<RealBall<double>>&,
                                              const ReducedState<RealBall<double>>&,
                                              const ReducedForward<RealBall<double>>&);
template ReducedBalls<Mpfr> measure<Mpfr>(const ReducedProblem<RealBall<Mpfr>>&,
                                          const ReducedState<RealBall<Mpfr>>&,
                                          const ReducedForward<RealBall<Mpfr>>&);

}  // namespace alignproof
