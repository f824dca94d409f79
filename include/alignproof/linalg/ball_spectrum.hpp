// SPDX-License-Identifier: Apache-2.0
// Rigorous enclosures of extreme eigenvalues and of spectral norms. Proofs: reports/docs/balls.md.
#pragma once

#include <alignproof/linalg/ball_matrix.hpp>

namespace alignproof::inline linalg {

template <class Real>
struct ExtremeBalls {
  RealBall<Real> min, max;
};

/// Balls around the smallest and the largest eigenvalue of every symmetric matrix whose lower
/// triangle lies in that of S (n x n, n > 0; the upper triangle is not read). Infinite radius where
/// S is not bounded or the approximate eigenvectors are useless. Throws InputError unless S is
/// square, and as require_ieee_arithmetic does.
template <class Real>
ExtremeBalls<Real> extreme_eigenvalues(const BallMatrix<Real>& S);

/// A ball around the spectral norm of every matrix of A (any shape, not empty). Throws as above.
template <class Real>
RealBall<Real> spectral_norm(const BallMatrix<Real>& A);

}  // namespace alignproof::inline linalg
