// SPDX-License-Identifier: Apache-2.0
#include "tamper/draws.hpp"

#include <cmath>
#include <random>
#include <utility>

namespace alignproof::tamper {

Array gaussian(Random& random, std::vector<std::size_t> shape, double scale) {
  Array x(std::move(shape));
  std::normal_distribution<double> normal;
  for (double& value : x.values) value = scale * normal(random);
  return x;
}

double decades(Random& random, double low, double high) {
  return std::pow(10, uniform(random, low, high));
}

bool one_in(Random& random, std::size_t k) {
  return whole(random, 1, k) == 1;
}

}  // namespace alignproof::tamper
