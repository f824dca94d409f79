// SPDX-License-Identifier: Apache-2.0
// One step of feedback alignment in kernel form, with proven error bounds:
//
//   e = Psi^T beta / sqrt p - y,      beta+ = (1 - eta lambda(t)) beta - (eta / sqrt p) Psi e
//   A+ = A - (eta / sqrt p) [psi'(A) o (b e^T)] K
//
// in two forms. Over balls: the next ball contains the step of every state in the ball. From an
// exact state (the pseudo-orbit of a shadowing proof): the next exact state, and how far at most it
// lies from the exact step. One output. Proofs: reports/docs/balls.md.
#pragma once

#include <cstddef>

#include <alignproof/format/instance.hpp>
#include <alignproof/linalg/ball_matrix.hpp>
#include <alignproof/network/ball_activation.hpp>

namespace alignproof::inline dynamics {

/// Fixed data of a run; y, b, eta and lambda(t) are exact, K = X X^T and 1 / sqrt p are enclosed.
template <class Real>
struct RigorousProblem {
  Activation psi = Activation::tanh;
  BallMatrix<Real> K;  ///< n x n
  Matrix<Real> y;      ///< n x 1
  Matrix<Real> b;      ///< p x 1
  Real eta;
  Penalty penalty;  ///< lambda(t)
  RealBall<Real> inverse_sqrt_p;

  Real K_norm;         ///< at least the spectral norm of |K|
  Real K_radius_norm;  ///< at least that of K's radii
  Real b_norm;         ///< at least |b|

  Eigen::Index n() const { return K.rows(); }
  Eigen::Index p() const { return b.rows(); }
};

/// Throws InputError as `require_valid` does and unless there is one output; std::runtime_error as
/// require_ieee_arithmetic does.
template <class Real>
RigorousProblem<Real> rigorous_problem_from(const Instance& instance);

template <class Real>
struct BallState {
  BallMatrix<Real> A;     ///< p x n
  BallMatrix<Real> beta;  ///< p x 1
};

/// A state that is its own exact value.
template <class Real>
struct PseudoState {
  Matrix<Real> A;     ///< p x n
  Matrix<Real> beta;  ///< p x 1
};

/// A(0) = W0 X^T enclosed, beta(0) exact.
template <class Real>
BallState<Real> initial_balls(const Instance& instance);

/// What a step needs of its state; kept between steps so that memory is reused.
template <class Real>
struct RigorousForward {
  Matrix<Real> Psi;    ///< p x n, psi at the midpoints within activation_bounds
  Matrix<Real> D;      ///< p x n, psi' likewise; empty for tanh, where 1 - Psi o Psi serves
  BallMatrix<Real> e;  ///< n x 1, encloses the error of every state of the ball
  Real Psi_norm;       ///< at least |Psi|_F
};

/// Throw InputError on shapes that do not fit, std::runtime_error as require_ieee_arithmetic does.
template <class Real>
void rigorous_forward(const RigorousProblem<Real>& problem, const BallState<Real>& state,
                      RigorousForward<Real>& at);
template <class Real>
void rigorous_forward(const RigorousProblem<Real>& problem, const PseudoState<Real>& state,
                      RigorousForward<Real>& at);

/// The step from t to t + 1, given the forward values of the same state.
template <class Real>
void rigorous_step(const RigorousProblem<Real>& problem, const RigorousForward<Real>& at,
                   std::size_t t, BallState<Real>& state);

/// Bounds of |A+ - exact step|_F and |beta+ - exact step|; infinite where nothing is known.
template <class Real>
struct StepResidual {
  Real rho_A, rho_beta;
};

/// The state becomes its step as computed.
template <class Real>
StepResidual<Real> rigorous_step(const RigorousProblem<Real>& problem,
                                 const RigorousForward<Real>& at, std::size_t t,
                                 PseudoState<Real>& state);

}  // namespace alignproof::inline dynamics
