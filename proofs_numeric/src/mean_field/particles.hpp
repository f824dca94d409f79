// SPDX-License-Identifier: Apache-2.0
// Clouds in parts, and sums over them.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include <alignproof/mean_field/cloud.hpp>

namespace alignproof::inline mean_field::detail {

/// Eigenvectors of K whose eigenvalues are above n roundings of its norm, the largest first.
struct KernelBasis {
  Matrix<double> directions;  ///< n x rank
  Vector<double> roots;       ///< rank, of the eigenvalues
};
/// Throws InputError unless K is symmetric positive semidefinite up to rounding and finite.
KernelBasis kernel_basis(const Matrix<double>& K);

/// Multiplies the rows of z (N x r) by the symmetric matrix after which sum_i w_i z_i z_i^T = I, up
/// to rounding. Throws InputError if there are too few different ones.
void whiten(Matrix<double>& z, const Vector<double>& weight);

/// Whether b may be multiplied by a matrix and stay of its law: signs may not.
bool continuous(FeedbackLaw feedback);

/// Replicate `which`, as a cloud of its own with the same second moments.
Cloud replicate(const Cloud& cloud, const Matrix<double>& K, std::size_t which);

/// Rows of one block: enough for a fast product, few enough for the cache.
inline constexpr Eigen::Index block_rows = 512;
std::size_t blocks_of(Eigen::Index rows);

/// Sums of what `part(block, sums)` adds for each block, in the order of the blocks whatever
/// `jobs` is. Sums begin at zero, in matrices of these shapes.
struct Shape {
  Eigen::Index rows, cols;
};
std::vector<Matrix<double>> sum_over_blocks(
    std::size_t blocks, std::size_t jobs, const std::vector<Shape>& shapes,
    const std::function<void(std::size_t block, std::vector<Matrix<double>>& sums)>& part);

}  // namespace alignproof::inline mean_field::detail
