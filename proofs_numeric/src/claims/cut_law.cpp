// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/cut_law.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/decompositions.hpp>
#include <alignproof/mean_field/after_cut.hpp>

namespace alignproof::inline claims {

namespace {

constexpr std::size_t particles = 2048, points = 16;

bool is_cut(const Penalty& penalty) {
  return penalty.lambda > 0 && !falls(penalty.decay) && penalty.cut != Penalty::never &&
         penalty.cut > 0;
}

/// (N10): Lambda (G_0^{-1} Y)^T Theta (lambda + G_0)^{-1} Y over the norm after the cut.
double leading_order(const LawData& law, const Activation& psi, const Cloud& cloud,
                     const FieldPoint& at_cut) {
  const Moments start = moments(cloud, psi);
  const Matrix<double> I = Matrix<double>::Identity(law.K.rows(), law.K.cols());
  const Matrix<double> u = solve_symmetric(start.G, law.Y),
                       m = solve_symmetric(start.G + at_cut.lambda * I, law.Y);
  return at_cut.Lambda * u.cwiseProduct(first_layer_kernel(cloud, psi, law.K) * m).sum() /
         std::sqrt(start.b_square * law.Y.cwiseProduct(u).sum());
}

CutLaw solved(const LawData& law, const NetworkSpec& network) {
  const double last = network.eta * static_cast<double>(network.penalty.cut) /
                      std::sqrt(static_cast<double>(network.p));
  std::vector<double> times;
  for (std::size_t k = 0; k <= points; ++k)
    times.push_back(last * static_cast<double>(k) / static_cast<double>(points));
  const Cloud cloud =
      quasi_random_cloud(law.K, static_cast<std::size_t>(law.Y.cols()), particles, 1);
  const std::vector<FieldPoint> course =
      mean_field_law(law, network.activation, cloud, {.lambda = network.penalty.lambda}, times,
                     {.tolerance = 1e-5, .estimate_error = false});
  const FieldPoint& at_cut = course.back();
  CutLaw found{.Lambda = at_cut.Lambda,
               .cosine = at_cut.cosine,
               .cosine_after_cut = at_cut.cosine_after_cut,
               .least_cosine = least_cosine_after_cut(at_cut, law.Y, network.eta),
               .leading = leading_order(law, network.activation, cloud, at_cut)};
  for (const FieldPoint& point : course)
    found.step_use = std::max(
        found.step_use, network.eta * (point.lambda + point.spectrum(point.spectrum.size() - 1)));
  return found;
}

}  // namespace

FoundCutLaw cut_law(const Data& data, const NetworkSpec& network) {
  if (!is_cut(network.penalty)) return {std::nullopt, "the penalty is not constant and cut"};
  const Matrix<double> X = matrix_from<double>(data.X);
  try {
    return {solved({X * X.transpose(), matrix_from<double>(data.y)}, network), ""};
  } catch (const InputError& error) {
    return {std::nullopt, error.what()};
  }
}

}  // namespace alignproof::inline claims
