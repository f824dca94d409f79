// SPDX-License-Identifier: Apache-2.0
// The law with memory, FMF(p): formally what networks of width p trained by feedback alignment
// under a constant penalty do on the slow time tau = eta t / sqrt p, up to terms of order 1/p. It
// is the network's own recursion at the scale p with infinitely many units,
//
//   a <- a - (eta / sqrt p) b K (psi'(a) o e),   h <- (1 - eta lambda) h - eta psi(a).e,
//   c <- (1 - eta lambda) c,                     e = c f_0 + E psi(a) h - y,
//
// with a(0) ~ N(0, K) and b ~ N(0, 1); f_0 is Gaussian with the covariance E psi(a) psi(a)^T over
// all pairs of times. The output weights are beta = c beta_0 + h / sqrt p. As p -> infinity it
// becomes the alignment law, and unlike that it contains lambda = 0. Derivation, with the status of
// every line: reports/docs/alignment_law_nonlinear.md, section 4. Everything is dimensionless.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include <alignproof/linalg/matrix.hpp>
#include <alignproof/mean_field/cloud.hpp>
#include <alignproof/network/activation.hpp>

namespace alignproof::inline mean_field {

/// N units at the scale p. The mean of a a^T is K and that of b b^T is I, both exactly; the units
/// come in pairs (a, b), (a, -b), and beta0, otherwise N(0, 1), has no component along b.
struct FiniteWidthCloud {
  Matrix<double> a;      ///< N x n
  Matrix<double> b;      ///< N x k
  Matrix<double> beta0;  ///< N x k
  /// E beta_0^2 of each output: 0 together with beta0 = 0 is networks that start from beta = 0.
  double beta0_square = 1;
};

/// Throws InputError unless K is n x n, symmetric positive semidefinite up to rounding, there is an
/// output, and `units` is even and at least 2 max(n, k).
FiniteWidthCloud finite_width_cloud(const Matrix<double>& K, std::size_t outputs, std::size_t units,
                                    std::uint64_t seed);

/// The same with the a and b of a cloud of the law, whose units come in such pairs already and have
/// equal weights. Throws InputError where weights differ.
FiniteWidthCloud finite_width_cloud(const Cloud& cloud, std::uint64_t seed);

/// The same a and b with another beta0, so with another f_0.
FiniteWidthCloud with_other_start(FiniteWidthCloud cloud, std::uint64_t seed);

/// Clouds whose f_0(0) are +- sqrt(n k) G^{1/2} u over an orthonormal basis u of R^{n k}: their
/// mean and their covariance are those of f_0(0), exactly, so that a mean over these 2 n k courses
/// is that over f_0 up to higher order. Throws InputError unless G = E psi(a) psi(a)^T over the
/// cloud is positive definite.
std::vector<FiniteWidthCloud> balanced_starts(const FiniteWidthCloud& cloud, const Activation& psi);

/// How many units a prediction with n samples and k outputs takes. Linear networks need the first
/// two moments alone, which a cloud has exactly. The others err by the draw of the units: with tanh
/// and 50 samples of a published table, cosines of different draws spread by 0.007, of which the
/// draw of beta0 is 0.003.
std::size_t finite_width_units(const Activation& psi, std::size_t n, std::size_t outputs = 1);

/// Of which networks.
struct FiniteWidth {
  double p = 0;       ///< width
  double lambda = 0;  ///< penalty of beta, constant
  double eta = 0;     ///< step of the network
};

struct FiniteWidthCourse {
  std::vector<double> tau;      ///< ascending from 0: every step of the solver
  std::vector<double> cosine;   ///< of b and beta, over all outputs
  std::vector<double> loss;     ///< |e|^2 / n
  std::vector<double> largest;  ///< largest eigenvalue of G = E psi psi^T: at
                                ///< eta (lambda + largest) >= 2 networks leave the law

  /// Between the steps: cubic through their values, held at the ends. Throws InputError where tau
  /// is outside of the course.
  double cosine_at(double tau) const;
  double loss_at(double tau) const;
};

struct FiniteWidthOptions {
  double tau = 1;           ///< where the course ends
  double tolerance = 1e-4;  ///< of one step, in the cosine, e / |y| and psi; the
                            ///< course errs by a few of them
  double largest_step = std::numeric_limits<double>::infinity();
  std::vector<double> times;  ///< ascending; these slow times are steps of the course
  std::size_t jobs = 1;       ///< threads; the bits do not depend on them
  /// Asked after every step: true ends the course there.
  std::function<bool(const FiniteWidthCourse&)> done;
};

/// Solves FMF(p) with variable steps of at least eta / sqrt p, at which they are the recursion
/// itself; their number, and so the cost, hardly depends on p. Throws
/// InputError unless the data and the cloud fit each other, all entries are finite, p >= 1, lambda
/// >= 0, eta > 0, eta lambda < 1, tau >= 0, the tolerance is positive and the times are ascending
/// within [0, tau].
FiniteWidthCourse finite_width_law(const LawData& data, const Activation& psi,
                                   const FiniteWidth& width, const FiniteWidthCloud& cloud,
                                   const FiniteWidthOptions& options);

/// The cosine at which networks end that are trained without a penalty, to first order in 1/p and
/// averaged over beta_0: with Theta = K o E psi'(a) psi'(a)^T and for small eta
///   (tr(Theta G^{-1}) + y^T G^{-1} Theta G^{-1} y) / (2 p),
/// and the mean of that over the outputs. Steps that are not small come with their factors, in the
/// eigenvectors of G; eta = 0 has none. It holds where the first layer moves by little of the width
/// of psi', |K| |G^{-1} y| << sqrt p, which is not so for the published networks of tanh. All means
/// are over the cloud, b included. Throws InputError unless all fit each other, p >= 1, G is
/// positive definite and 0 <= eta < 2 / (its largest eigenvalue).
double unpenalised_cosine(const LawData& data, const Activation& psi, double p, double eta,
                          const FiniteWidthCloud& cloud);

}  // namespace alignproof::inline mean_field
