// SPDX-License-Identifier: Apache-2.0
// Dynamics with a planted error. Every one must make rows of the table change.
#pragma once

#include <alignproof/claims/settings.hpp>

namespace alignproof::mutants {

enum class Mutant {
  no_root_p,
  backpropagation,
  wrong_sign,
  penalty_on_W,
  psi_for_derivative,
  eta_twice
};

inline const char* name(Mutant mutant) {
  switch (mutant) {
    case Mutant::no_root_p:
      return "1/sqrt p missing in the step of beta";
    case Mutant::backpropagation:
      return "backpropagation in place of feedback alignment";
    case Mutant::wrong_sign:
      return "sign of e flipped in the step of A";
    case Mutant::penalty_on_W:
      return "penalty on W in place of beta";
    case Mutant::psi_for_derivative:
      return "psi in place of psi'";
    case Mutant::eta_twice:
      return "eta applied twice in the step of A";
  }
  return "?";
}

/// The kernel form written out once more, with the error in it.
template <class Real>
KernelStep<Real> step_with(Mutant mutant) {
  return [mutant](const Problem<Real>& problem, const Forward<Real>& at, std::size_t t,
                  KernelState<Real>& state) {
    const Real eta_lambda = problem.eta * Real(problem.penalty(t));
    const Real scale = problem.eta / problem.sqrt_p;
    const Real beta_scale = mutant == Mutant::no_root_p ? problem.eta : scale;
    Real hidden_scale = scale;
    if (mutant == Mutant::wrong_sign) hidden_scale = -scale;
    if (mutant == Mutant::eta_twice) hidden_scale = scale * problem.eta;
    const Matrix<Real>& slope = mutant == Mutant::psi_for_derivative ? at.Psi : at.D;
    Vector<Real> back = feedback(problem, state.beta);
    if (mutant == Mutant::backpropagation) back = state.beta;
    const Matrix<Real> back_error = back * at.e.transpose();
    const Matrix<Real> N = hidden_scale * slope.cwiseProduct(back_error);
    if (mutant == Mutant::penalty_on_W) {
      state.A *= Real(1) - eta_lambda;
      state.beta -= beta_scale * (at.Psi * at.e);
    } else {
      state.beta = (Real(1) - eta_lambda) * state.beta - beta_scale * (at.Psi * at.e);
    }
    state.A -= N * problem.K;
    state.Z -= N;
  };
}

inline Dynamics dynamics_with(Mutant mutant) {
  return {step_with<double>(mutant), step_with<Mpfr>(mutant)};
}

}  // namespace alignproof::mutants
