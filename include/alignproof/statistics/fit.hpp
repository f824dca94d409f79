// SPDX-License-Identifier: Apache-2.0
// Decay rates, probabilities with exact limits, quantiles.
#pragma once

#include <cstddef>
#include <vector>

namespace alignproof::inline statistics {

/// Slope of log|e| per step over the points given, by least squares: the fitted rate is 1 -
/// exp(slope). Needs at least 2 points, t finite and not all equal, |e| finite and > 0. Throws
/// InputError otherwise.
double fit_log_slope(const std::vector<double>& t, const std::vector<double>& e);

struct Interval {
  double lower = 0, upper = 1;
};

/// Clopper-Pearson: each one-sided limit errs with probability at most `level`, whatever the true
/// probability is. Throws InputError if successes > trials, trials = 0 or level outside (0, 1/2).
Interval clopper_pearson(std::size_t successes, std::size_t trials, double level);

/// Empirical quantile, linear between order statistics (type 7). Throws InputError on no data, a
/// value that is not finite, or q outside [0, 1].
double quantile(std::vector<double> values, double q);

}  // namespace alignproof::inline statistics
