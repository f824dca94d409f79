// SPDX-License-Identifier: Apache-2.0
// Particles (a, b) of the alignment law for every activation: a(0) ~ N(0, K) in R^n, b in R^k
// independent of it with E b = 0, E b b^T = I. Means over hidden units of an infinitely wide
// network are weighted means over a cloud of them. How one is made: reports/docs/mean_field.md.
// Everything is dimensionless.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include <alignproof/core/parallel.hpp>
#include <alignproof/linalg/matrix.hpp>
#include <alignproof/network/activation.hpp>

namespace alignproof::inline mean_field {

/// What the law speaks of: the kernel of the inputs and the targets.
struct LawData {
  Matrix<double> K;  ///< n x n
  Matrix<double> Y;  ///< n x k
};

/// Throws InputError unless K is symmetric positive semidefinite up to rounding, Y fits it, all
/// entries are finite, and Y is not zero.
void require_valid(const LawData& data);

/// The law of the feedback weights b.
enum class FeedbackLaw {
  normal,  ///< N(0, I)
  signs,   ///< independent, +1 or -1 with probability 1/2
};

struct Cloud {
  Matrix<double> a;       ///< N x n, at the start
  Matrix<double> b;       ///< N x k
  Vector<double> weight;  ///< N, of sum 1
  FeedbackLaw feedback = FeedbackLaw::normal;
  /// The rows are this many independent randomisations of the same rule, equally many each.
  std::size_t replicates = 1;
  /// A rule of fewer nodes, to tell the error of this one.
  std::shared_ptr<const Cloud> coarser;

  Eigen::Index n() const { return a.cols(); }
  Eigen::Index k() const { return b.cols(); }
};

/// At least N particles: `replicates` independent scramblings (Owen's, nested) of a Sobol sequence
/// with 2^m points each, each point with b and with -b. Equal weights; E a a^T = K, E a b^T = 0 and
/// for normal feedback E b b^T = I up to rounding. K may be singular: directions in which it has no
/// more than n roundings of its norm count as absent, and a has nothing there. Depends on the seed
/// alone. Throws InputError unless K is as in require_valid, k >= 1, N >= 1, replicates = 1 or >= 8
/// (for the interval of Student's t), at most 2^26 particles are asked for, and rank K + k <= 160.
Cloud quasi_random_cloud(const Matrix<double>& K, std::size_t k, std::size_t N, std::uint64_t seed,
                         FeedbackLaw feedback = FeedbackLaw::normal, std::size_t replicates = 8);

/// The tensor product of Gauss-Hermite rules with so many nodes in each of the rank K + k
/// directions (two, b = +-1, for signs); what weighs less than 10^-20 is left out. `coarser` has
/// half of the nodes: the law makes a cloud steep, so that the error may fall as slowly as the
/// inverse of their number, and two rules that are near each other would not see it. Throws
/// InputError unless K is as in require_valid, k >= 1, 2 <= nodes <= 256, and there are at most
/// 2^22 nodes in all.
Cloud gauss_hermite_cloud(const Matrix<double>& K, std::size_t k, std::size_t nodes,
                          FeedbackLaw feedback = FeedbackLaw::normal);

/// What the law needs of the cloud.
struct Moments {
  Matrix<double> G;     ///< n x n, E psi(a) psi(a)^T
  Matrix<double> phi;   ///< n x k, E psi(a) b^T
  double b_square = 0;  ///< E |b|^2
};

/// Of the cloud as it stands. Sums are over fixed blocks of particles, so that the bits do not
/// depend on `jobs`. Throws InputError on an activation that does not exist.
Moments moments(const Cloud& cloud, const Activation& psi, std::size_t jobs = 1);

/// Theta = K o E psi'(a) psi'(a)^T, the tangent kernel of the first layer, n x n. Throws as
/// `moments`, and unless K is n x n.
Matrix<double> first_layer_kernel(const Cloud& cloud, const Activation& psi,
                                  const Matrix<double>& K, std::size_t jobs = 1);

}  // namespace alignproof::inline mean_field
