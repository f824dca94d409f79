// SPDX-License-Identifier: Apache-2.0
#include <alignproof/mean_field/after_cut.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/decompositions.hpp>

namespace alignproof::inline mean_field {

double least_cosine_after_cut(const FieldPoint& at, const Matrix<double>& Y, double eta) {
  const Moments& means = at.moments;
  if (Y.rows() != means.G.rows() || !(Y.norm() > 0))
    throw InputError("targets Y", fmt::format("{} x {}", Y.rows(), Y.cols()),
                     fmt::format("{} rows, not all of them 0", means.G.rows()));
  const Eigensystem system = eigensystem(means.G);
  const Vector<double>& g = system.values;
  if (!(g(0) > 0)) throw InputError("least eigenvalue of G", quoted(g(0)), "a positive number");
  if (!(eta > 0) || !(eta * g(g.size() - 1) < 2))
    throw InputError("step size eta", quoted(eta),
                     fmt::format("0 < eta < 2 / lambda_max(G) = {:.4g}", 2 / g(g.size() - 1)));
  const Matrix<double> y = system.vectors.transpose() * Y,
                       phi = system.vectors.transpose() * means.phi;
  const auto cosine = [&](double t) {
    const Vector<double> factor = g.unaryExpr([&](double mu) {
      return (1 - at.lambda / (at.lambda + mu) * std::pow(1 - eta * mu, t)) / mu;
    });
    const Matrix<double> m = factor.asDiagonal() * y;
    return phi.cwiseProduct(m).sum() /
           std::sqrt(means.b_square * m.cwiseProduct(g.asDiagonal() * m).sum());
  };
  const double slowest = std::max(1 - eta * g(0), eta * g(g.size() - 1) - 1);
  double least = cosine(0);
  for (double t = 0; std::pow(slowest, t) > 1e-16; t += std::max(1.0, std::floor(t / 100)))
    least = std::min(least, cosine(t + 1));
  return least;
}

}  // namespace alignproof::inline mean_field
