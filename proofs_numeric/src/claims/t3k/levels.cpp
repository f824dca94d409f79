// SPDX-License-Identifier: Apache-2.0
#include "claims/t3k/levels.hpp"

#include <cmath>

#include <Eigen/QR>

#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/random/normal.hpp>

namespace alignproof::inline claims {

namespace {

std::vector<LevelSample> level_samples(std::uint64_t seed, std::size_t cases) {
  std::vector<LevelSample> samples;
  for (std::size_t k = 0; k < cases; ++k) {
    const auto row = static_cast<std::uint32_t>(k);
    const auto number = [&](std::uint32_t column, double low, double high) {
      return low * std::pow(high / low, uniform(seed, Stream::choice, row, column));
    };
    const Eigen::Index n = 1 + static_cast<Eigen::Index>(k % 6);
    const double kappa = number(101, 1, 1000), gamma = number(102, 0.1, 10);
    const double lambda = number(103, 0.01, 100), T = number(104, 0.01, 1000);
    Matrix<double> random(n, n);
    Vector<double> y(n), eigenvalues(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      const auto at = static_cast<std::uint32_t>(200 + 20 * i);
      y(i) = standard_normal(seed, Stream::choice, row, at);
      eigenvalues(i) = i == 0   ? gamma
                       : i == 1 ? kappa * gamma
                                : number(at + 1, gamma, kappa * gamma);
      for (Eigen::Index j = 0; j < n; ++j)
        random(i, j) =
            standard_normal(seed, Stream::choice, row, at + 2 + static_cast<std::uint32_t>(j));
    }
    const Matrix<double> Q = Eigen::HouseholderQR<Matrix<double>>(random).householderQ();
    const Matrix<double> K = Q * eigenvalues.asDiagonal() * Q.transpose();
    const Conditioning exact = conditioning(K, y, lambda);
    const LawPoint law = alignment_law(K, y, lambda, std::vector{T}).back();
    samples.push_back({exact.most / exact.least, guaranteed_cosine(exact, lambda, T),
                       guaranteed_cosine(conditioning(gamma, kappa, lambda, y.norm()), lambda, T),
                       law.cosine_after_cut});
  }
  return samples;
}

}  // namespace

Handle<std::vector<LevelSample>> want_level_samples(Study& study, std::size_t cases) {
  return study.want("levels", 1e4 * static_cast<double>(cases),
                    [seed = study.settings().seed, cases] { return level_samples(seed, cases); });
}

}  // namespace alignproof::inline claims
