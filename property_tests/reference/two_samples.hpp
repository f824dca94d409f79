// SPDX-License-Identifier: Apache-2.0
// Are two samples from one law? Kolmogorov and Smirnov's test with its exact level.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace alignproof::reference {

using Samples = std::vector<double>;

/// The largest distance of the empirical distribution functions of two samples of N, in steps of
/// 1 / N.
inline std::size_t steps_between(Samples a, Samples b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::size_t i = 0, j = 0, largest = 0;
  while (i < a.size() && j < b.size()) {
    const double x = std::min(a[i], b[j]);
    while (i < a.size() && a[i] == x) ++i;
    while (j < b.size() && b[j] == x) ++j;
    largest = std::max(largest, i > j ? i - j : j - i);
  }
  return largest;
}

/// Two samples of N from one continuous law are k steps apart or more with probability at most
/// 2 C(2N, N - k) / C(2N, N), by reflection on either side: exact for every N. The first k for
/// which this is below the level.
inline std::size_t steps_allowed(std::size_t N, double level) {
  double log_share = std::log(2.0);
  for (std::size_t k = 1; k <= N; ++k) {
    // From k - 1 to k: C(2N, N - k) / C(2N, N - k + 1) = (N - k + 1) / (N + k).
    log_share += std::log(static_cast<double>(N - k + 1) / static_cast<double>(N + k));
    if (log_share <= std::log(level)) return k;
  }
  return N + 1;
}

/// Laws at this distance are missed with probability at most `miss`, by the inequality of
/// Dvoretzky, Kiefer, Wolfowitz and Massart for either sample.
inline double distance_seen(std::size_t N, double level, double miss) {
  const auto n = static_cast<double>(N);
  return static_cast<double>(steps_allowed(N, level)) / n +
         2 * std::sqrt(std::log(2 / miss) / (2 * n));
}

}  // namespace alignproof::reference
