// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/summary.hpp>

#include <numeric>

#include <alignproof/statistics/fit.hpp>

namespace alignproof::inline claims {

double largest(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), v.front(), largest_so_far);
}

double smallest(const std::vector<double>& v) {
  return std::accumulate(v.begin(), v.end(), v.front(), smallest_so_far);
}

double quantile_of(const std::vector<double>& v, double q) {
  const bool all_finite =
      std::all_of(v.begin(), v.end(), [](double value) { return std::isfinite(value); });
  return all_finite ? quantile(v, q) : std::nan("");
}

}  // namespace alignproof::inline claims
