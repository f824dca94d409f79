// SPDX-License-Identifier: Apache-2.0
// Scaling exponents and probabilities, each with an interval at a stated level.
#pragma once

#include <cstddef>
#include <vector>

namespace alignproof {

/// y = c x^exponent by least squares on logarithms; the interval is Student's t at `level`
/// (probability of missing the true exponent if the residuals are normal and independent).
struct PowerLaw {
  double exponent = 0;
  double lower = 0, upper = 0;
  double log_c = 0;
};

/// Needs at least 3 points, positive and finite; x not all equal; level in (0, 1). Throws
/// InputError otherwise.
PowerLaw fit_power_law(const std::vector<double>& x, const std::vector<double>& y, double level);

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

}  // namespace alignproof
