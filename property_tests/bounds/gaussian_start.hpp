// SPDX-License-Identifier: Apache-2.0
// Small data on which Theorem P is tried, Gaussian initialisations, and a test of how often a line
// of the good event fails.
#pragma once

#include <cmath>

#include <alignproof/bounds/width.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/random/normal.hpp>
#include <alignproof/statistics/tests.hpp>

namespace alignproof {

struct AprioriCase {
  Activation psi;
  Matrix<double> X, K;
  Vector<double> y;
  AprioriData<RealBall<Mpfr>> enclosed;
  AprioriData<double> data;
};

/// n unit vectors of R^d, and |y| = 1.
inline AprioriCase apriori_case(const Activation& psi, std::size_t n, std::size_t d,
                                std::uint64_t seed) {
  const ScopedDigits digits(width_digits);
  Array X({n, d}), y({n});
  const auto rows = static_cast<Eigen::Index>(n), columns = static_cast<Eigen::Index>(d);
  AprioriCase c{psi, Matrix<double>(rows, columns), {}, Vector<double>(rows), {}, {}};
  for (Eigen::Index i = 0; i < rows; ++i) {
    for (Eigen::Index j = 0; j < columns; ++j)
      c.X(i, j) = standard_normal(seed, Stream::X, static_cast<std::uint32_t>(i),
                                  static_cast<std::uint32_t>(j));
    c.X.row(i) /= c.X.row(i).norm();
    c.y(i) = standard_normal(seed, Stream::teacher, static_cast<std::uint32_t>(i), 0);
  }
  c.y /= c.y.norm();
  for (std::size_t i = 0; i < n; ++i) {
    y.values[i] = c.y(static_cast<Eigen::Index>(i));
    for (std::size_t j = 0; j < d; ++j)
      X(i, j) = c.X(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
  }
  c.K = c.X * c.X.transpose();
  c.enclosed = apriori_data(psi, X, y, enclose_limit_kernel(psi, X, 20));
  c.data = in_doubles(c.enclosed);
  return c;
}

/// A(0) = W X^T, and b, beta(0), of p rows.
struct GaussianStart {
  Matrix<double> A;
  Vector<double> b, beta;
};

inline GaussianStart gaussian_start(const Matrix<double>& X, Eigen::Index p, std::uint64_t seed) {
  Matrix<double> W(p, X.cols());
  GaussianStart s{{}, Vector<double>(p), Vector<double>(p)};
  for (Eigen::Index r = 0; r < p; ++r) {
    const auto row = static_cast<std::uint32_t>(r);
    for (Eigen::Index j = 0; j < X.cols(); ++j)
      W(r, j) = standard_normal(seed, Stream::W, row, static_cast<std::uint32_t>(j));
    s.b(r) = standard_normal(seed, Stream::b, row, 0);
    s.beta(r) = standard_normal(seed, Stream::beta, row, 0);
  }
  s.A = W * X.transpose();
  return s;
}

/// How often a line failed. Over fresh seeds a line that fails with probability at most `share` is
/// refuted with probability at most 1e-9.
struct Failures {
  std::size_t count = 0, trials = 0;

  void add(bool failed) { count += failed, ++trials; }
  bool refutes(double share) const {
    return count > 0 && binomial_at_least(count, trials, share) <= 1e-9;
  }
};

}  // namespace alignproof
