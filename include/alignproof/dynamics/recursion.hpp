// SPDX-License-Identifier: Apache-2.0
// The error recursion, an exact identity between two consecutive states:
//
//   e(t+1) = (1 - eta lambda) e - eta M e - eta lambda y + v,     M = G + H
//   G = Psi^T Psi / p,   H_ij = (K_ij / p) sum_r beta_r back_r psi'(a_ri) psi'(a_rj)
//   v_i = (1/sqrt p) sum_r [ dbeta_r dpsi_ri + beta_r (dpsi_ri - psi'(a_ri) da_ri) ]
//
// With k outputs e, y and v are n x k, G acts on every column, and
//   H_(i,c),(j,d) = (K_ij / p) sum_r beta_rc back_rd psi'(a_ri) psi'(a_rj).
// Matrices on errors are nk x nk, the pair (i, c) standing at i + c n.
//
// It holds for every learning rule: back is whatever the rule sends back at t, and b, which the
// error does not depend on, may move as it will.
#pragma once

#include <alignproof/dynamics/step.hpp>

namespace alignproof::inline dynamics {

/// G, n x n, symmetric positive semidefinite.
template <class Real>
Matrix<Real> gram_G(const Forward<Real>& at) {
  const Real p(static_cast<double>(at.Psi.rows()));
  return (at.Psi.transpose() * at.Psi) / p;
}

/// H, nk x nk, of the state (b, beta); symmetric with one output, and for backpropagation.
template <class Real>
Matrix<Real> gram_H(const Problem<Real>& problem, const Forward<Real>& at, const Matrix<Real>& b,
                    const Matrix<Real>& beta) {
  const Matrix<Real> back = feedback(problem, b, beta);
  const Real p(static_cast<double>(at.D.rows()));
  const Eigen::Index n = problem.n(), k = problem.k();
  Matrix<Real> H(n * k, n * k);
  for (Eigen::Index c = 0; c < k; ++c)
    for (Eigen::Index d = 0; d < k; ++d) {
      const Vector<Real> weight = beta.col(c).cwiseProduct(back.col(d));
      const Matrix<Real> weighted = weight.asDiagonal() * at.D;
      const Matrix<Real> product = at.D.transpose() * weighted;
      H.block(c * n, d * n, n, n) = problem.K.cwiseProduct(product) / p;
    }
  return H;
}

/// M = G + H, nk x nk.
template <class Real>
Matrix<Real> error_operator(const Problem<Real>& problem, const Forward<Real>& at,
                            const Matrix<Real>& b, const Matrix<Real>& beta) {
  Matrix<Real> M = gram_H(problem, at, b, beta);
  const Matrix<Real> G = gram_G(at);
  const Eigen::Index n = problem.n();
  for (Eigen::Index c = 0; c < problem.k(); ++c) M.block(c * n, c * n, n, n) += G;
  return M;
}

/// Two consecutive states of the kernel form, at t and t + 1.
template <class Real>
struct Transition {
  KernelState<Real> before, after;
  Forward<Real> at, next;
};

/// v, the part of second order in the step, n x k.
template <class Real>
Matrix<Real> second_order(const Problem<Real>& problem, const Transition<Real>& s) {
  const Matrix<Real> dbeta = s.after.beta - s.before.beta;
  const Matrix<Real> dPsi = s.next.Psi - s.at.Psi;
  const Matrix<Real> dA = s.after.A - s.before.A;
  const Matrix<Real> curvature = dPsi - s.at.D.cwiseProduct(dA);
  const Matrix<Real> sum = dPsi.transpose() * dbeta + curvature.transpose() * s.before.beta;
  return sum / problem.sqrt_p;
}

/// Left side minus right side of the recursion: zero in exact arithmetic.
template <class Real>
Matrix<Real> recursion_residual(const Problem<Real>& problem, const Transition<Real>& s,
                                std::size_t t) {
  const Real eta_lambda = problem.eta * Real(problem.penalty(t));
  const Vector<Real> e = s.at.e.reshaped();
  const Vector<Real> Me = error_operator(problem, s.at, s.before.b, s.before.beta) * e;
  const Matrix<Real> predicted = Real(Real(1) - eta_lambda) * s.at.e -
                                 problem.eta * Me.reshaped(problem.n(), problem.k()) -
                                 eta_lambda * problem.y + second_order(problem, s);
  return s.next.e - predicted;
}

}  // namespace alignproof::inline dynamics
