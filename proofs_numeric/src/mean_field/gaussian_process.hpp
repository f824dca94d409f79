// SPDX-License-Identifier: Apache-2.0
// Paths of a centred Gaussian process in R^n, drawn point by point given their past.
#pragma once

#include <cstdint>

#include <alignproof/linalg/matrix.hpp>
#include <alignproof/random/normal.hpp>

namespace alignproof::inline mean_field {

/// `paths` of them at once, of the covariance E x(s) x(t)^T = F(s)^T F(t) / N between features
/// F (N x n) at each time. Features are expanded in an orthonormal basis that grows with them,
/// which loses no digits however smooth the process is; a normal variable belongs to each member of
/// the basis, orthonormal over the paths to all before and to the constant.
class GaussianProcess {
 public:
  GaussianProcess(Eigen::Index paths, std::uint64_t seed, Stream stream);

  /// The values (paths x n) at the next time. May be asked again, with the same random numbers,
  /// until `keep` makes the last answer part of the past.
  const Matrix<double>& next(const Matrix<double>& features);
  void keep() { rank_ = next_rank_; }

  Eigen::Index rank() const { return rank_; }

 private:
  void draw(Eigen::Index columns);

  std::uint64_t seed_;
  Stream stream_;
  Eigen::Index rank_ = 0, next_rank_ = 0, drawn_ = 0;
  Matrix<double> basis_;   ///< N x at least next_rank
  Matrix<double> normal_;  ///< paths x at least next_rank
  Matrix<double> values_;
};

}  // namespace alignproof::inline mean_field
