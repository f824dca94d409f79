// SPDX-License-Identifier: Apache-2.0
// Matrices of balls as a matrix of midpoints and one of radii. Inclusion principle and proofs:
// reports/docs/balls.md.
#pragma once

#include <alignproof/linalg/matrix.hpp>
#include <alignproof/scalar/ball.hpp>

namespace alignproof::inline linalg {

/// All matrices within rad of mid, entry by entry; both m x n, rad >= 0. Real is double or Mpfr.
/// Operations throw InputError on shapes that do not fit. An entry that is no number, or an
/// infinite radius, makes the entries infinite that depend on it.
template <class Real>
struct BallMatrix {
  Matrix<Real> mid, rad;

  BallMatrix() = default;
  /// The matrix itself, radius 0.
  explicit BallMatrix(Matrix<Real> exact);
  /// Throws InputError unless the shapes agree.
  BallMatrix(Matrix<Real> mid_, Matrix<Real> rad_);

  Eigen::Index rows() const { return mid.rows(); }
  Eigen::Index cols() const { return mid.cols(); }
  RealBall<Real> operator()(Eigen::Index i, Eigen::Index j) const { return {mid(i, j), rad(i, j)}; }
  void set(Eigen::Index i, Eigen::Index j, const RealBall<Real>& x);

  BallMatrix transpose() const;

  friend BallMatrix operator+(const BallMatrix& A, const BallMatrix& B) { return sum(A, B, 1); }
  friend BallMatrix operator-(const BallMatrix& A, const BallMatrix& B) { return sum(A, B, -1); }
  /// (m x k) (k x n): three products of plain matrices, two where a factor is exact.
  friend BallMatrix operator*(const BallMatrix& A, const BallMatrix& B) { return product(A, B); }
  friend BallMatrix operator*(const RealBall<Real>& s, const BallMatrix& A) { return scaled(s, A); }
  /// Entry by entry.
  friend BallMatrix cwise_product(const BallMatrix& A, const BallMatrix& B) { return cwise(A, B); }
  /// Every entry of `inner` certainly lies in that of `outer`; same shape.
  friend bool certainly_contains(const BallMatrix& outer, const BallMatrix& inner) {
    return covers(outer, inner);
  }

 private:
  static BallMatrix sum(const BallMatrix& A, const BallMatrix& B, int sign);
  static BallMatrix product(const BallMatrix& A, const BallMatrix& B);
  static BallMatrix scaled(const RealBall<Real>& s, const BallMatrix& A);
  static BallMatrix cwise(const BallMatrix& A, const BallMatrix& B);
  static bool covers(const BallMatrix& outer, const BallMatrix& inner);
};

/// An upper bound of the Frobenius norm of every matrix of the ball.
template <class Real>
Real frobenius_upper(const BallMatrix<Real>& A);

/// An upper bound of the spectral norm of |X|, X any matrix of the ball: the root of largest row
/// sum times largest column sum, or the Frobenius norm if that is less.
template <class Real>
Real absolute_norm_upper(const BallMatrix<Real>& A);

}  // namespace alignproof::inline linalg
