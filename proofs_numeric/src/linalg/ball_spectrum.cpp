// SPDX-License-Identifier: Apache-2.0
// An approximate eigendecomposition, made rigorous afterwards: reports/docs/balls.md, section 3.
#include <alignproof/linalg/ball_spectrum.hpp>

#include <Eigen/Eigenvalues>
#include <string>

#include <alignproof/scalar/ieee.hpp>

#include "scalar/upward.hpp"

namespace alignproof::inline linalg {

namespace {

/// Upper bound of the largest row sum of |X| over the ball.
template <class Real>
Real largest_row_sum(const BallMatrix<Real>& A) {
  Real largest(0);
  for (Eigen::Index i = 0; i < A.rows(); ++i) {
    Real sum(0);
    for (Eigen::Index j = 0; j < A.cols(); ++j)
      sum = add_up(sum, add_up(size_of(A.mid(i, j)), A.rad(i, j)));
    if (!(sum <= largest)) largest = sum;
  }
  return largest;
}

/// A positive factor between 1 - epsilon and 1 + epsilon divides x.
template <class Real>
RealBall<Real> divided_by_near_one(const RealBall<Real>& x, const Real& epsilon) {
  return x / RealBall<Real>(Real(1), epsilon);
}

}  // namespace

template <class Real>
ExtremeBalls<Real> extreme_eigenvalues(const BallMatrix<Real>& S) {
  require_ieee_arithmetic("extreme_eigenvalues");
  if (S.rows() != S.cols() || S.rows() == 0)
    throw InputError("eigenvalues of a matrix",
                     std::to_string(S.rows()) + " x " + std::to_string(S.cols()),
                     "a square matrix that is not empty");
  const Eigen::Index n = S.rows();
  const ExtremeBalls<Real> unknown{RealBall<Real>::everything(), RealBall<Real>::everything()};

  Matrix<Real> mid(n, n);
  BallMatrix<Real> moved(Matrix<Real>(Matrix<Real>::Zero(n, n)));  // |X - mid|
  for (Eigen::Index j = 0; j < n; ++j)
    for (Eigen::Index i = j; i < n; ++i) {
      if (!S(i, j).bounded()) return unknown;
      mid(i, j) = mid(j, i) = S.mid(i, j);
      moved.rad(i, j) = moved.rad(j, i) = S.rad(i, j);
    }

  const Eigen::SelfAdjointEigenSolver<Matrix<Real>> solver(mid);
  if (solver.info() != Eigen::Success) return unknown;
  const BallMatrix<Real> Q(solver.eigenvectors());

  // |Q^T Q - I| <= epsilon.
  BallMatrix<Real> defect = Q.transpose() * Q;
  for (Eigen::Index i = 0; i < n; ++i) defect.set(i, i, defect(i, i) - RealBall<Real>(Real(1)));
  const Real epsilon = largest_row_sum(defect);
  if (!(epsilon <= Real(0.5))) return unknown;

  const BallMatrix<Real> B = Q.transpose() * (BallMatrix<Real>(mid) * Q);
  // Gershgorin's discs from outside, Rayleigh quotients from inside.
  Real min_low, min_high, max_low, max_high;
  for (Eigen::Index i = 0; i < n; ++i) {
    Real around(0);
    for (Eigen::Index j = 0; j < n; ++j)
      if (j != i) around = add_up(around, add_up(size_of(B.mid(i, j)), B.rad(i, j)));
    const RealBall<Real> center = B(i, i), disc = center + RealBall<Real>(Real(0), around);
    if (!disc.bounded()) return unknown;
    if (i == 0 || disc.lower() < min_low) min_low = disc.lower();
    if (i == 0 || center.upper() < min_high) min_high = center.upper();
    if (i == 0 || center.lower() > max_low) max_low = center.lower();
    if (i == 0 || disc.upper() > max_high) max_high = disc.upper();
  }
  const RealBall<Real> weyl(Real(0), largest_row_sum(moved));
  return {divided_by_near_one(RealBall<Real>::between(min_low, min_high), epsilon) + weyl,
          divided_by_near_one(RealBall<Real>::between(max_low, max_high), epsilon) + weyl};
}

template <class Real>
RealBall<Real> spectral_norm(const BallMatrix<Real>& A) {
  require_ieee_arithmetic("spectral_norm");
  if (A.rows() == 0 || A.cols() == 0)
    throw InputError("spectral norm", "an empty matrix", "a matrix with entries");
  const BallMatrix<Real> mid(A.mid);
  const BallMatrix<Real> gram = A.rows() < A.cols() ? mid * mid.transpose() : mid.transpose() * mid;
  const RealBall<Real> norm = RealBall<Real>::sqrt(extreme_eigenvalues(gram).max);
  const Matrix<Real> zero = Matrix<Real>::Zero(A.rows(), A.cols());
  return norm + RealBall<Real>(Real(0), absolute_norm_upper(BallMatrix<Real>(zero, A.rad)));
}

template ExtremeBalls<double> extreme_eigenvalues<double>(const BallMatrix<double>&);
template ExtremeBalls<Mpfr> extreme_eigenvalues<Mpfr>(const BallMatrix<Mpfr>&);
template RealBall<double> spectral_norm<double>(const BallMatrix<double>&);
template RealBall<Mpfr> spectral_norm<Mpfr>(const BallMatrix<Mpfr>&);

}  // namespace alignproof::inline linalg
