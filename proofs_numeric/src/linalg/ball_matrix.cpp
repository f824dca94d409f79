// SPDX-License-Identifier: Apache-2.0
// Products of midpoints and radii go through Eigen's plain product; the a-priori bound holds for
// every order of summation. Proofs: reports/docs/balls.md, section 2.
#include <alignproof/linalg/ball_matrix.hpp>

#include <string>
#include <utility>

#include "linalg/two_u.hpp"
#include "scalar/upward.hpp"

namespace alignproof::inline linalg {

namespace {

std::string shape(const auto& A) {
  return std::to_string(A.rows()) + " x " + std::to_string(A.cols());
}

void require_same_shape(const char* what, const auto& A, const auto& B) {
  if (A.rows() != B.rows() || A.cols() != B.cols())
    throw InputError(what, shape(A) + " and " + shape(B), "two matrices of one shape");
}

template <class Real>
bool is_exact(const Matrix<Real>& rad) {
  for (Eigen::Index k = 0; k < rad.size(); ++k)
    if (!(rad.data()[k] == Real(0))) return false;
  return true;
}

/// |mid| + rad at most, entry by entry; infinite where an entry is not bounded.
template <class Real>
Matrix<Real> sizes(const BallMatrix<Real>& A) {
  Matrix<Real> result(A.rows(), A.cols());
  for (Eigen::Index k = 0; k < A.mid.size(); ++k)
    result.data()[k] = add_up(size_of(A.mid.data()[k]), A.rad.data()[k]);
  return result;
}

}  // namespace

template <class Real>
BallMatrix<Real>::BallMatrix(Matrix<Real> exact)
    : mid(std::move(exact)), rad(Matrix<Real>::Zero(mid.rows(), mid.cols())) {}

template <class Real>
BallMatrix<Real>::BallMatrix(Matrix<Real> mid_, Matrix<Real> rad_)
    : mid(std::move(mid_)), rad(std::move(rad_)) {
  require_same_shape("midpoint and radius", mid, rad);
}

template <class Real>
void BallMatrix<Real>::set(Eigen::Index i, Eigen::Index j, const RealBall<Real>& x) {
  mid(i, j) = x.mid;
  rad(i, j) = x.rad;
}

template <class Real>
BallMatrix<Real> BallMatrix<Real>::transpose() const {
  return {mid.transpose(), rad.transpose()};
}

template <class Real>
BallMatrix<Real> BallMatrix<Real>::sum(const BallMatrix& A, const BallMatrix& B, int sign) {
  require_same_shape("sum of matrices", A, B);
  BallMatrix result(A.mid);
  for (Eigen::Index j = 0; j < A.cols(); ++j)
    for (Eigen::Index i = 0; i < A.rows(); ++i)
      result.set(i, j, sign > 0 ? A(i, j) + B(i, j) : A(i, j) - B(i, j));
  return result;
}

template <class Real>
BallMatrix<Real> BallMatrix<Real>::scaled(const RealBall<Real>& s, const BallMatrix& A) {
  BallMatrix result(A.mid);
  for (Eigen::Index j = 0; j < A.cols(); ++j)
    for (Eigen::Index i = 0; i < A.rows(); ++i) result.set(i, j, s * A(i, j));
  return result;
}

template <class Real>
BallMatrix<Real> BallMatrix<Real>::cwise(const BallMatrix& A, const BallMatrix& B) {
  require_same_shape("entrywise product", A, B);
  BallMatrix result(A.mid);
  for (Eigen::Index j = 0; j < A.cols(); ++j)
    for (Eigen::Index i = 0; i < A.rows(); ++i) result.set(i, j, A(i, j) * B(i, j));
  return result;
}

template <class Real>
BallMatrix<Real> BallMatrix<Real>::product(const BallMatrix& A, const BallMatrix& B) {
  if (A.cols() != B.rows())
    throw InputError("product of matrices", shape(A) + " and " + shape(B),
                     "as many columns on the left as rows on the right");
  using F = Format<Real>;
  const double k = static_cast<double>(A.cols());
  const Real u = std::max(two_u_of(A.mid), two_u_of(B.mid));
  const Real gamma = gamma_up(k, u);
  const Matrix<Real> A_size = sizes(A), B_size = sizes(B);

  BallMatrix C;
  C.mid.noalias() = A.mid * B.mid;

  Matrix<Real> lost = B.mid;  // rB + gamma |B|
  for (Eigen::Index i = 0; i < lost.size(); ++i)
    lost.data()[i] = add_up(B.rad.data()[i], mul_up(gamma, size_of(lost.data()[i])));
  const Matrix<Real> A_abs = A.mid.cwiseAbs();
  C.rad.noalias() = A_abs * lost;
  if (!is_exact(A.rad)) C.rad.noalias() += A.rad * B_size;

  // No entry whose sums might have overflowed counts, nor one that depends on an unbounded ball.
  const SumBound<Real> bound(2 * k + 1, 3 * k, std::max(u, two_u_of(A.rad)));
  Vector<Real> row_size = Vector<Real>::Zero(A.rows()), col_size = Vector<Real>::Zero(B.cols());
  const auto note = [](Real& most, const Real& size) {
    if (!(size <= most)) most = size;
  };
  for (Eigen::Index j = 0; j < A.cols(); ++j)
    for (Eigen::Index i = 0; i < A.rows(); ++i) note(row_size(i), A_size(i, j));
  for (Eigen::Index j = 0; j < B.cols(); ++j)
    for (Eigen::Index i = 0; i < B.rows(); ++i) note(col_size(j), B_size(i, j));
  for (Eigen::Index j = 0; j < C.cols(); ++j)
    for (Eigen::Index i = 0; i < C.rows(); ++i) {
      const Real largest = mul_up(mul_up(row_size(i), col_size(j)), Real(4 * k + 4));
      C.rad(i, j) = largest <= F::huge() ? bound(C.rad(i, j)) : F::infinity();
      if (!(C.rad(i, j) <= F::huge())) C.mid(i, j) = Real(0);
    }
  return C;
}

template <class Real>
bool BallMatrix<Real>::covers(const BallMatrix& outer, const BallMatrix& inner) {
  require_same_shape("containment", outer, inner);
  for (Eigen::Index j = 0; j < outer.cols(); ++j)
    for (Eigen::Index i = 0; i < outer.rows(); ++i)
      if (!certainly_contains(outer(i, j), inner(i, j))) return false;
  return true;
}

template <class Real>
Real frobenius_upper(const BallMatrix<Real>& A) {
  const Matrix<Real> size = sizes(A);
  Real squares(0);
  for (Eigen::Index k = 0; k < size.size(); ++k) squares += size.data()[k] * size.data()[k];
  const double terms = static_cast<double>(size.size());
  return sqrt_up(SumBound<Real>(terms + 1, terms, two_u_of(size))(squares));
}

template <class Real>
Real absolute_norm_upper(const BallMatrix<Real>& A) {
  const Matrix<Real> size = sizes(A);
  Vector<Real> rows = Vector<Real>::Zero(A.rows()), cols = Vector<Real>::Zero(A.cols());
  for (Eigen::Index j = 0; j < A.cols(); ++j)
    for (Eigen::Index i = 0; i < A.rows(); ++i) {
      rows(i) = add_up(rows(i), size(i, j));
      cols(j) = add_up(cols(j), size(i, j));
    }
  Real row(0), col(0);
  for (const Real& x : rows) row = std::max(row, x);
  for (const Real& x : cols) col = std::max(col, x);
  const Real by_sums = sqrt_up(mul_up(row, col)), frobenius = frobenius_upper(A);
  return by_sums < frobenius ? by_sums : frobenius;
}

template struct BallMatrix<double>;
template struct BallMatrix<Mpfr>;
template double frobenius_upper<double>(const BallMatrix<double>&);
template Mpfr frobenius_upper<Mpfr>(const BallMatrix<Mpfr>&);
template double absolute_norm_upper<double>(const BallMatrix<double>&);
template Mpfr absolute_norm_upper<Mpfr>(const BallMatrix<Mpfr>&);

}  // namespace alignproof::inline linalg
