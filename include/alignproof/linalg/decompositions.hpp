// SPDX-License-Identifier: Apache-2.0
// Decompositions of matrices of doubles, approximate: nothing here is an enclosure. Compiled once, in the library,
// since a unit that instantiates Eigen's takes seconds for it.
#pragma once

#include <alignproof/linalg/matrix.hpp>

namespace alignproof::inline linalg {

/// S = vectors diag(values) vectors^T with values in ascending order and orthonormal columns `vectors`.
struct Eigensystem {
  Vector<double> values;
  Matrix<double> vectors;
};

/// Of a symmetric matrix S (n x n, only the lower triangle is read). Throws InputError where the iteration does
/// not converge, which it does for finite entries.
Eigensystem eigensystem(const Matrix<double>& S);

/// Its eigenvalues alone, in ascending order.
Vector<double> eigenvalues(const Matrix<double>& S);

/// S^{-1} B by L D L^T with pivots; S is symmetric and semidefinite (n x n), B is n x k.
Matrix<double> solve_symmetric(const Matrix<double>& S, const Matrix<double>& B);

/// The lower triangular L with L L^T = S, which is symmetric and positive definite (n x n).
Matrix<double> cholesky_factor(const Matrix<double>& S);

/// Largest singular value of a matrix (n x k).
double spectral_norm(const Matrix<double>& m);

}  // namespace alignproof::inline linalg
