// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/decompositions.hpp>
#include <alignproof/mean_field/law.hpp>

#include "mean_field/flow.hpp"

namespace alignproof::inline mean_field {

namespace {

/// x / sqrt(square), 0 where both are.
double quotient(double x, double square) {
  return square > 0 ? x / std::sqrt(square) : 0.0;
}

/// (N4)
double weight_cosine(const Moments& moments, const Matrix<double>& m) {
  return quotient((moments.phi.transpose() * m).trace(),
                  moments.b_square * (m.transpose() * moments.G * m).trace());
}

/// (N5), over the samples that have an error.
double signal_of(const Moments& moments, const Matrix<double>& m, const Matrix<double>& e) {
  const Matrix<double> across = m.transpose() * moments.phi, own = m.transpose() * moments.G * m;
  const double per_output = moments.b_square / static_cast<double>(m.cols());
  double sum = 0;
  Eigen::Index count = 0;
  for (Eigen::Index i = 0; i < e.rows(); ++i) {
    const Vector<double> row = e.row(i).transpose();
    const double length = row.norm();
    if (length == 0) continue;
    const Vector<double> unit = row / length;
    sum += quotient(unit.dot(across * unit), per_output * unit.dot(own * unit));
    ++count;
  }
  return count > 0 ? sum / static_cast<double>(count) : 0.0;
}

}  // namespace

FieldPoint observe(const Moments& moments, const Matrix<double>& Y, double lambda) {
  const Eigen::Index n = moments.G.rows();
  if (moments.G.cols() != n || n == 0 || Y.rows() != n || moments.phi.rows() != n ||
      moments.phi.cols() != Y.cols())
    throw InputError("moments",
                     fmt::format("G {} x {}, phi {} x {}, Y {} x {}", n, moments.G.cols(),
                                 moments.phi.rows(), moments.phi.cols(), Y.rows(), Y.cols()),
                     "n x n, n x k and n x k");
  if (!(lambda >= 0) || !std::isfinite(lambda))
    throw InputError("lambda", quoted(lambda), "a finite number >= 0");
  if (!moments.G.allFinite() || !moments.phi.allFinite())
    throw InputError("moments", "not finite", "finite numbers");
  const Eigensystem system = eigensystem(moments.G);
  const Matrix<double>& V = system.vectors;
  FieldPoint point;
  point.lambda = lambda;
  point.moments = moments;
  point.spectrum = system.values;
  const double largest = point.spectrum.cwiseAbs().maxCoeff();
  const double absent = static_cast<double>(n) * std::numeric_limits<double>::epsilon() * largest;
  const Matrix<double> of_Y = V.transpose() * Y;
  const auto solve = [&](double shift) -> Matrix<double> {
    Matrix<double> result = of_Y;
    for (Eigen::Index i = 0; i < n; ++i)
      if (point.spectrum(i) > absent)
        result.row(i) /= shift + point.spectrum(i);
      else
        result.row(i) *= shift > 0 ? 1 / shift : 0.0;
    return V * result;
  };
  const Matrix<double> after = solve(0);
  point.m = solve(lambda);
  point.e = -lambda * point.m;
  point.error = point.e.norm();
  point.cosine = weight_cosine(moments, point.m);
  point.cosine_after_cut = weight_cosine(moments, after);
  // After a cut e(t) = (1 - eta G)^t e: what lasts longest is its part in the lowest eigenvectors
  // that it has, and that is Y's up to a factor.
  Eigen::Index first = 0;
  while (first < n &&
         (point.spectrum(first) <= absent || of_Y.row(first).norm() <= 1e-12 * of_Y.norm()))
    ++first;
  if (first < n) {
    Eigen::Index count = 1;
    while (first + count < n &&
           point.spectrum(first + count) - point.spectrum(first) <= 1e-9 * largest)
      ++count;
    const Matrix<double> last = V.middleCols(first, count) * of_Y.middleRows(first, count);
    point.signal_after_cut = signal_of(moments, after, last);
  }
  point.signal = lambda > 0 ? signal_of(moments, point.m, point.m) : point.signal_after_cut;
  return point;
}

}  // namespace alignproof::inline mean_field
