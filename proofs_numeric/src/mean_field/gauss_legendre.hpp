// SPDX-License-Identifier: Apache-2.0
// Gauss and Legendre's rule on [-1, 1].
#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <utility>
#include <vector>

namespace alignproof::inline mean_field {

struct Rule1D {
  std::vector<double> node, weight;
};

/// `size` nodes, ascending: the roots of P_size by Newton's method on its recurrence.
inline Rule1D gauss_legendre(std::size_t size) {
  Rule1D rule{std::vector<double>(size), std::vector<double>(size)};
  const double m = static_cast<double>(size);
  for (std::size_t k = 0; k < size; ++k) {
    double x = -std::cos(std::numbers::pi * (static_cast<double>(k) + 0.75) / (m + 0.5)), slope = 1;
    for (int step = 0; step < 10; ++step) {
      double before = 1, now = x;
      for (double j = 1; j < m; ++j)
        before = std::exchange(now, ((2 * j + 1) * x * now - j * before) / (j + 1));
      slope = m * (x * now - before) / (x * x - 1);
      x -= now / slope;
    }
    rule.node[k] = x, rule.weight[k] = 2 / ((1 - x * x) * slope * slope);
  }
  return rule;
}

}  // namespace alignproof::inline mean_field
