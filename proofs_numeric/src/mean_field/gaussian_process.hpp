// SPDX-License-Identifier: Apache-2.0
// Paths of a centred Gaussian process in R^n, drawn point by point given their past.
#pragma once

#include <cstdint>
#include <vector>

#include <alignproof/linalg/matrix.hpp>
#include <alignproof/random/normal.hpp>

namespace alignproof::inline mean_field {

/// `paths` of them at once. Times are numbered as they are added. Only those coordinates are kept
/// as pivots, in the sense of Cholesky's factorisation, that are not determined by the ones before
/// up to 1e-9 of their variance; the paths of smooth processes have few. The normal variables
/// behind a pivot are orthonormal over the paths to all before and to the constant.
class GaussianProcess {
 public:
  GaussianProcess(Eigen::Index n, Eigen::Index paths, std::uint64_t seed, Stream stream);

  struct Pivot {
    std::size_t time;
    Eigen::Index coordinate;
  };
  /// With which earlier values the covariances of a new one are needed.
  const std::vector<Pivot>& pivots() const { return pivots_; }

  /// The values (paths x n) at the next time, whose covariance is `own` (n x n) and with the pivots
  /// `past` (as many rows as pivots, n columns). May be asked again, with the same random numbers,
  /// until `keep` makes the last answer part of the past.
  const Matrix<double>& next(const Matrix<double>& past, const Matrix<double>& own);
  void keep();

 private:
  Eigen::Index rank() const { return static_cast<Eigen::Index>(pivots_.size()); }
  void draw(Eigen::Index column);

  Eigen::Index n_;
  std::uint64_t seed_;
  Stream stream_;
  std::size_t time_ = 0;
  std::vector<Pivot> pivots_, next_pivots_;
  Matrix<double> factor_;       ///< rank x rank, lower triangular: the rows of the pivots
  Matrix<double> next_factor_;  ///< those of the new ones, to which n columns are added
  Matrix<double> normal_;       ///< paths x columns: one for each pivot and each possible new one
  Eigen::Index drawn_ = 0;
  Matrix<double> values_;
};

}  // namespace alignproof::inline mean_field
