// SPDX-License-Identifier: Apache-2.0
#include "mean_field/particles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/decompositions.hpp>

namespace alignproof::inline mean_field::detail {

KernelBasis kernel_basis(const Matrix<double>& K) {
  if (K.rows() != K.cols() || K.rows() == 0)
    throw InputError("K", fmt::format("{} x {}", K.rows(), K.cols()), "a square matrix");
  if (!K.allFinite()) throw InputError("an entry of K", "not finite", "finite numbers");
  const double size = K.cwiseAbs().maxCoeff();
  const double skew = (K - K.transpose()).cwiseAbs().maxCoeff();
  if (skew > 1e-9 * size)
    throw InputError("K", fmt::format("{} off its transpose", skew), "a symmetric matrix");
  const Eigensystem system = eigensystem(K);
  const Vector<double>& k = system.values;
  const double norm = std::max(std::abs(k(0)), std::abs(k(k.size() - 1)));
  if (k(0) < -1e-9 * norm)
    throw InputError("K", fmt::format("with the eigenvalue {}", k(0)),
                     "a positive semidefinite matrix");
  const double absent =
      static_cast<double>(K.rows()) * std::numeric_limits<double>::epsilon() * norm;
  const Eigen::Index rank = (k.array() > absent).count();
  return {system.vectors.rightCols(rank).rowwise().reverse(), k.tail(rank).reverse().cwiseSqrt()};
}

void whiten(Matrix<double>& z, const Vector<double>& weight) {
  if (z.cols() == 0) return;
  const Matrix<double> S = z.transpose() * (z.array().colwise() * weight.array()).matrix();
  const Eigensystem system = eigensystem(S);
  if (!(system.values(0) > 1e-6 * system.values(z.cols() - 1)))
    throw InputError("a cloud", fmt::format("of {} particles", z.rows()),
                     fmt::format("more of them for {} directions", z.cols()));
  z = z * (system.vectors * system.values.cwiseSqrt().cwiseInverse().asDiagonal() *
           system.vectors.transpose())
              .eval();
}

bool continuous(FeedbackLaw feedback) {
  switch (feedback) {
    case FeedbackLaw::normal:
      return true;
    case FeedbackLaw::signs:
      return false;
  }
  throw std::logic_error("no such feedback");
}

Cloud replicate(const Cloud& cloud, const Matrix<double>& K, std::size_t which) {
  const Eigen::Index rows = cloud.a.rows() / static_cast<Eigen::Index>(cloud.replicates);
  const Eigen::Index first = rows * static_cast<Eigen::Index>(which);
  Cloud part;
  part.feedback = cloud.feedback;
  part.weight = cloud.weight.segment(first, rows) / cloud.weight.segment(first, rows).sum();
  part.b = cloud.b.middleRows(first, rows);
  const KernelBasis basis = kernel_basis(K);
  Matrix<double> z =
      cloud.a.middleRows(first, rows) * basis.directions * basis.roots.cwiseInverse().asDiagonal();
  whiten(z, part.weight);
  part.a = z * basis.roots.asDiagonal() * basis.directions.transpose();
  if (continuous(cloud.feedback)) whiten(part.b, part.weight);
  return part;
}

std::size_t blocks_of(Eigen::Index rows) {
  return static_cast<std::size_t>((rows + block_rows - 1) / block_rows);
}

std::vector<Matrix<double>> sum_over_blocks(
    std::size_t blocks, std::size_t jobs, const std::vector<Shape>& shapes,
    const std::function<void(std::size_t, std::vector<Matrix<double>>&)>& part) {
  std::vector<Matrix<double>> zero;
  for (const Shape& shape : shapes) zero.push_back(Matrix<double>::Zero(shape.rows, shape.cols));
  // One part of the work is a run of blocks, the same for every number of threads.
  constexpr std::size_t run = 4;
  const std::size_t runs = (blocks + run - 1) / run;
  std::vector<std::vector<Matrix<double>>> sums(runs, zero);
  parallel_for(runs, jobs, [&](std::size_t r) {
    for (std::size_t block = r * run; block < std::min(blocks, (r + 1) * run); ++block)
      part(block, sums[r]);
  });
  for (const auto& sum : sums)
    for (std::size_t k = 0; k < zero.size(); ++k) zero[k] += sum[k];
  return zero;
}

}  // namespace alignproof::inline mean_field::detail
