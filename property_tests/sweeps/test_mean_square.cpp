// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/mean_square.hpp>

#include <vector>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("eta and lambda do to |e|^2/2 what step and reg do to the mean of squares", "[sweeps]") {
  // Every number is a binary fraction, so nothing is rounded; a quotient of differences is the
  // derivative of a square.
  const std::vector<double> e = {0.5, -2, 0.375, 8};
  const double step = 0.125, reg = 0.25, beta = -3, h = 0.25;
  const auto derivative = [&](std::size_t i, double share) {
    const double up = e[i] + h, down = e[i] - h;
    return share * (up * up - down * down) / (2 * h);
  };
  const auto [eta, lambda] = mean_square_convention(step, reg, e.size());
  for (std::size_t i = 0; i < e.size(); ++i)
    CHECK(eta * derivative(i, 0.5) == step * derivative(i, 1 / static_cast<double>(e.size())));
  CHECK(eta * lambda * beta == step * reg * beta);
}
