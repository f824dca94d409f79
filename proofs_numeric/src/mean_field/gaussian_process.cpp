// SPDX-License-Identifier: Apache-2.0
#include "mean_field/gaussian_process.hpp"

#include <cmath>

namespace alignproof::inline mean_field {

namespace {

constexpr double determined = 1e-9;

}  // namespace

GaussianProcess::GaussianProcess(Eigen::Index n, Eigen::Index paths, std::uint64_t seed,
                                 Stream stream)
    : n_(n), seed_(seed), stream_(stream), normal_(paths, 0) {}

void GaussianProcess::draw(Eigen::Index column) {
  for (; drawn_ <= column; ++drawn_) {
    if (drawn_ == normal_.cols()) normal_.conservativeResize(Eigen::NoChange, drawn_ + 4 * n_);
    for (Eigen::Index r = 0; r < normal_.rows(); ++r)
      normal_(r, drawn_) = standard_normal(seed_, stream_, static_cast<std::uint32_t>(r),
                                           static_cast<std::uint32_t>(drawn_));
    const double paths = static_cast<double>(normal_.rows());
    // Twice: what rounding leaves of the first pass, the second takes.
    for (int pass = 0; pass < 2; ++pass) {
      normal_.col(drawn_).array() -= normal_.col(drawn_).mean();
      const Vector<double> along =
          normal_.leftCols(drawn_).transpose() * normal_.col(drawn_) / paths;
      normal_.col(drawn_) -= normal_.leftCols(drawn_) * along;
    }
    normal_.col(drawn_) *= std::sqrt(paths) / normal_.col(drawn_).norm();
  }
}

const Matrix<double>& GaussianProcess::next(const Matrix<double>& past, const Matrix<double>& own) {
  const Eigen::Index r = rank();
  Matrix<double> row = Matrix<double>::Zero(n_, r + n_);
  if (r > 0) {
    Matrix<double> along = past;
    for (Eigen::Index k = 0; k < r; ++k)
      along.row(k) = (along.row(k) - factor_.row(k).head(k) * along.topRows(k)) / factor_(k, k);
    row.leftCols(r) = along.transpose();
  }
  next_pivots_.clear();
  Eigen::Index columns = r;
  for (Eigen::Index i = 0; i < n_; ++i) {
    for (Eigen::Index k = r; k < columns; ++k) {
      const Eigen::Index j = next_pivots_[static_cast<std::size_t>(k - r)].coordinate;
      row(i, k) = (own(i, j) - row.row(i).head(k).dot(row.row(j).head(k))) / row(j, k);
    }
    const double left = own(i, i) - row.row(i).head(columns).squaredNorm();
    if (!(left > determined * own(i, i))) continue;
    row(i, columns++) = std::sqrt(left);
    next_pivots_.push_back({time_, i});
  }
  if (columns > 0) draw(columns - 1);
  values_ = normal_.leftCols(columns) * row.leftCols(columns).transpose();
  next_factor_ = row.leftCols(columns);
  return values_;
}

void GaussianProcess::keep() {
  const Eigen::Index before = rank();
  for (const Pivot& pivot : next_pivots_) pivots_.push_back(pivot);
  Matrix<double> all = Matrix<double>::Zero(rank(), rank());
  all.topLeftCorner(before, before) = factor_;
  for (std::size_t k = 0; k < next_pivots_.size(); ++k)
    all.row(before + static_cast<Eigen::Index>(k)) = next_factor_.row(next_pivots_[k].coordinate);
  factor_ = std::move(all);
  ++time_;
}

}  // namespace alignproof::inline mean_field
