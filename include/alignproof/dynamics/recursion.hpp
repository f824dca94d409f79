// SPDX-License-Identifier: Apache-2.0
// The error recursion, an exact identity between two consecutive states:
//
//   e(t+1) = (1 - eta lambda) e - eta M e - eta lambda y + v,     M = G + H
//   G = Psi^T Psi / p,   H_ij = (K_ij / p) sum_r beta_r back_r psi'(a_ri) psi'(a_rj)
//   v_i = (1/sqrt p) sum_r [ dbeta_r dpsi_ri + beta_r (dpsi_ri - psi'(a_ri) da_ri) ]
#pragma once

#include <alignproof/dynamics/step.hpp>

namespace alignproof {

/// G, n x n, symmetric positive semidefinite.
template <class Real>
Matrix<Real> gram_G(const Forward<Real>& at) {
  const Real p(static_cast<double>(at.Psi.rows()));
  return (at.Psi.transpose() * at.Psi) / p;
}

/// H, n x n, symmetric (one output).
template <class Real>
Matrix<Real> gram_H(const Problem<Real>& problem, const Forward<Real>& at,
                    const Vector<Real>& beta) {
  const Vector<Real> weight = beta.cwiseProduct(feedback(problem, beta));
  const Matrix<Real> weighted = weight.asDiagonal() * at.D;
  const Matrix<Real> product = at.D.transpose() * weighted;
  const Real p(static_cast<double>(at.D.rows()));
  return problem.K.cwiseProduct(product) / p;
}

/// Two consecutive states of the kernel form, at t and t + 1.
template <class Real>
struct Transition {
  KernelState<Real> before, after;
  Forward<Real> at, next;
};

/// v, the part of second order in the step.
template <class Real>
Vector<Real> second_order(const Problem<Real>& problem, const Transition<Real>& s) {
  const Vector<Real> dbeta = s.after.beta - s.before.beta;
  const Matrix<Real> dPsi = s.next.Psi - s.at.Psi;
  const Matrix<Real> dA = s.after.A - s.before.A;
  const Matrix<Real> curvature = dPsi - s.at.D.cwiseProduct(dA);
  const Vector<Real> sum = dPsi.transpose() * dbeta + curvature.transpose() * s.before.beta;
  return sum / problem.sqrt_p;
}

/// Left side minus right side of the recursion: zero in exact arithmetic.
template <class Real>
Vector<Real> recursion_residual(const Problem<Real>& problem, const Transition<Real>& s,
                                std::size_t t) {
  const Real eta_lambda = problem.eta * Real(problem.penalty(t));
  const Matrix<Real> M = gram_G(s.at) + gram_H(problem, s.at, s.before.beta);
  const Vector<Real> predicted = (Real(1) - eta_lambda) * s.at.e - problem.eta * (M * s.at.e) -
                                 eta_lambda * problem.y + second_order(problem, s);
  return s.next.e - predicted;
}

}  // namespace alignproof
