// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/planted_errors.hpp>

namespace alignproof::inline claims {

std::string to_string(PlantedError error) {
  switch (error) {
    case PlantedError::no_root_p:
      return "$1/\\sqrt{p}$ missing in the step of $\\beta$";
    case PlantedError::backpropagation:
      return "backpropagation in place of feedback alignment";
    case PlantedError::penalty_on_W:
      return "penalty on $W$ in place of $\\beta$";
    case PlantedError::wrong_sign:
      return "sign of $e$ flipped in the step of $W$";
    case PlantedError::psi_for_derivative:
      return "$\\psi$ in place of $\\psi'$";
    case PlantedError::updated_f:
      return "$f$ taken after the update of $\\beta$";
    case PlantedError::wrong_pairing:
      return "outputs of $b$ and $e$ paired wrongly ($k \\ge 2$)";
    case PlantedError::stale_beta:
      return "$f$ computed with the $\\beta$ of the step before";
    case PlantedError::eta_twice:
      return "$\\eta$ applied twice in the step of $W$";
    case PlantedError::last_sample_dropped:
      return "last sample dropped from the update";
  }
  return "?";
}

template <class Real>
KernelStep<Real> step_with(PlantedError error) {
  return [error, stale = Matrix<Real>()](const Problem<Real>& problem, const Forward<Real>& at,
                                         std::size_t t, KernelState<Real>& state) mutable {
    const Real eta_lambda = problem.eta * Real(problem.penalty(t));
    const Real scale = problem.eta / problem.sqrt_p;
    const Matrix<Real> beta = state.beta;
    const auto error_with = [&](const Matrix<Real>& weights) -> Matrix<Real> {
      const Matrix<Real> sum = at.Psi.transpose() * weights;
      return sum / problem.sqrt_p - problem.y;
    };

    Matrix<Real> e = at.e;
    if (error == PlantedError::stale_beta && t > 0) e = error_with(stale);
    if (error == PlantedError::last_sample_dropped) e.row(e.rows() - 1).setConstant(Real(0));

    const Real beta_scale = error == PlantedError::no_root_p ? problem.eta : scale;
    const Matrix<Real> gradient = at.Psi * e;
    const Matrix<Real> back =
        error == PlantedError::backpropagation ? beta : feedback(problem, state.b, beta);
    if (problem.rule.b_moves()) {  // with beta, errors and all
      const Matrix<Real> update = -beta_scale * gradient;
      const Real kept = error == PlantedError::penalty_on_W ? Real(1) : Real(Real(1) - eta_lambda);
      problem.rule.template actions<Real>().move(entries(state.b), entries(beta), kept,
                                                 entries(update));
    }
    if (error == PlantedError::penalty_on_W) {
      state.A *= Real(Real(1) - eta_lambda);
      state.beta = beta - beta_scale * gradient;
    } else {
      state.beta = Real(Real(1) - eta_lambda) * beta - beta_scale * gradient;
    }

    if (error == PlantedError::updated_f) e = error_with(state.beta);
    if (error == PlantedError::wrong_pairing) e = e.rowwise().reverse().eval();
    Real hidden_scale = scale;
    if (error == PlantedError::wrong_sign) hidden_scale = -scale;
    if (error == PlantedError::eta_twice) hidden_scale = scale * problem.eta;
    const Matrix<Real>& slope = error == PlantedError::psi_for_derivative ? at.Psi : at.D;
    const Matrix<Real> back_error = back * e.transpose();
    const Matrix<Real> N = hidden_scale * slope.cwiseProduct(back_error);
    state.A -= N * problem.K;
    state.Z -= N;
    stale = beta;
  };
}

template KernelStep<double> step_with<double>(PlantedError);
template KernelStep<Mpfr> step_with<Mpfr>(PlantedError);
template KernelStep<Exact> step_with<Exact>(PlantedError);

Dynamics dynamics_with(PlantedError error) {
  return {step_with<double>(error), step_with<Mpfr>(error), step_with<Exact>(error)};
}

KernelStep<double> step_with_negative_penalty() {
  return [](const Problem<double>& problem, const Forward<double>& at, std::size_t t,
            KernelState<double>& state) {
    const Matrix<double> before = state.beta;
    step(problem, at, t, state);
    state.beta += 2 * problem.eta * problem.penalty(t) * before;
  };
}

}  // namespace alignproof::inline claims
