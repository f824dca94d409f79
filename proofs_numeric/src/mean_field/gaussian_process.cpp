// SPDX-License-Identifier: Apache-2.0
#include "mean_field/gaussian_process.hpp"

#include <cmath>

namespace alignproof::inline mean_field {

namespace {

/// Features that are known up to this share of their norm add nothing to the basis.
constexpr double determined = 1e-6;

/// Takes the components along the first `columns` of the orthonormal `basis` out of v and returns
/// them. Twice: what rounding leaves of the first pass, the second takes.
Vector<double> project(const Matrix<double>& basis, Eigen::Index columns,
                       Eigen::Ref<Vector<double>> v) {
  Vector<double> along = Vector<double>::Zero(columns);
  for (int pass = 0; pass < 2; ++pass) {
    const Vector<double> found = basis.leftCols(columns).transpose() * v;
    v -= basis.leftCols(columns) * found;
    along += found;
  }
  return along;
}

void make_room(Matrix<double>& columns, Eigen::Index rows, Eigen::Index wanted) {
  if (columns.cols() < wanted) columns.conservativeResize(rows, 2 * wanted);
}

}  // namespace

GaussianProcess::GaussianProcess(Eigen::Index paths, std::uint64_t seed, Stream stream)
    : seed_(seed), stream_(stream), normal_(paths, 1) {
  // The constant comes first, so that the others have mean 0; it belongs to no feature.
  normal_.col(0).setConstant(1 / std::sqrt(static_cast<double>(paths)));
}

void GaussianProcess::draw(Eigen::Index columns) {
  make_room(normal_, normal_.rows(), columns + 1);
  for (; drawn_ < columns; ++drawn_) {
    Vector<double> fresh(normal_.rows());
    for (Eigen::Index r = 0; r < fresh.size(); ++r)
      fresh(r) = standard_normal(seed_, stream_, static_cast<std::uint32_t>(r),
                                 static_cast<std::uint32_t>(drawn_));
    project(normal_, drawn_ + 1, fresh);
    normal_.col(drawn_ + 1) = fresh.normalized();
  }
}

const Matrix<double>& GaussianProcess::next(const Matrix<double>& features) {
  const Eigen::Index n = features.cols();
  const double root_N = std::sqrt(static_cast<double>(features.rows()));
  make_room(basis_, features.rows(), rank_ + n);
  Matrix<double> along = Matrix<double>::Zero(rank_ + n, n);
  next_rank_ = rank_;
  for (Eigen::Index i = 0; i < n; ++i) {
    Vector<double> rest = features.col(i) / root_N;
    const double all = rest.norm();
    along.col(i).head(next_rank_) = project(basis_, next_rank_, rest);
    const double left = rest.norm();
    if (!(left > determined * all)) continue;
    along(next_rank_, i) = left;
    basis_.col(next_rank_++) = rest / left;
  }
  draw(next_rank_);
  values_ = std::sqrt(static_cast<double>(normal_.rows())) * normal_.middleCols(1, next_rank_) *
            along.topRows(next_rank_);
  return values_;
}

}  // namespace alignproof::inline mean_field
