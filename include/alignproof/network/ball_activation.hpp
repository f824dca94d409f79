// SPDX-License-Identifier: Apache-2.0
// Activations with proven errors, at points and over balls. Proofs: reports/docs/balls.md.
#pragma once

#include <alignproof/format/instance.hpp>
#include <alignproof/linalg/ball_matrix.hpp>

namespace alignproof::inline network {

/// What is proved of psi and psi' as computed at points:
///   |Psi - psi| <= relative |Psi| + least,     |D - psi'| <= slope_error,
/// and |psi'| <= L1, psi' is L2-Lipschitz (infinity for ReLU).
template <class Real>
struct ActivationBounds {
  Real relative, least, slope_error, L1, L2;
};

template <class Real>
ActivationBounds<Real> activation_bounds(const Activation& psi);

/// Psi and D, resized to A, within the bounds above for every finite entry; NaN where an entry is
/// no number. tanh in doubles is fast (vector_tanh); the other transcendental functions go through
/// MPFR with more digits and are slow. Like the others here, throws InputError on an activation
/// without ball versions.
template <class Real>
void activate_points(const Activation& psi, const Matrix<Real>& A, Matrix<Real>& Psi,
                     Matrix<Real>& D);

/// Psi contains psi(X) and D contains psi'(X) for every X of the ball A. ReLU has psi'(0) = 0.
/// Throws as require_ieee_arithmetic does.
template <class Real>
void activate(const Activation& psi, const BallMatrix<Real>& A, BallMatrix<Real>& Psi,
              BallMatrix<Real>& D);

}  // namespace alignproof::inline network
