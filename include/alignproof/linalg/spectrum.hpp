// SPDX-License-Identifier: Apache-2.0
// Extreme eigenvalues of symmetric matrices, approximate: nothing here is an enclosure.
#pragma once

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/matrix.hpp>

#include <Eigen/Eigenvalues>

namespace alignproof::inline linalg {

template <class Real>
struct Extremes {
  Real min, max;
};

/// Smallest and largest eigenvalue of a symmetric matrix (n x n, only the lower triangle is read).
template <class Real>
Extremes<Real> extreme_eigenvalues(const Matrix<Real>& symmetric) {
  Eigen::SelfAdjointEigenSolver<Matrix<Real>> solver(symmetric, Eigen::EigenvaluesOnly);
  if (solver.info() != Eigen::Success)
    throw InputError("eigenvalues of a matrix", "no convergence", "a matrix with finite entries");
  return {solver.eigenvalues().minCoeff(), solver.eigenvalues().maxCoeff()};
}

/// Compiled once, in the library.
extern template Extremes<double> extreme_eigenvalues<double>(const Matrix<double>&);

/// Spectral norm of a symmetric matrix.
template <class Real>
Real symmetric_norm(const Matrix<Real>& symmetric) {
  const Extremes<Real> s = extreme_eigenvalues(symmetric);
  return s.max > -s.min ? s.max : Real(-s.min);
}

}  // namespace alignproof::inline linalg
