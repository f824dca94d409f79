// SPDX-License-Identifier: Apache-2.0
// Tests with a stated level and a stated power. Derivations: reports/docs/statistics.md.
#pragma once

#include <cstddef>
#include <vector>

namespace alignproof::inline statistics {

/// The exponent of y in x without any assumption on the distribution of y. Every tuple of
/// independent runs, one at each x, gives one least-squares slope of log y on log x; the slopes of
/// different tuples are independent and have the same distribution, so that order statistics bound
/// their median exactly: each limit errs with probability at most the level.
struct MedianSlope {
  double exponent = 0;          ///< sample median of the slopes
  double lower = 0, upper = 0;  ///< each errs with probability at most `level`
  double spread = 0;            ///< half the distance of the quantiles 0.1587 and 0.8413
  std::size_t tuples = 0;
  double level = 0;
};

/// y[w][s] belongs to x[w] and tuple s; +infinity is a run that diverged, and gives its tuple the
/// slope +infinity, so that it counts against a bound of the exponent like any other large slope.
/// Throws InputError unless there are 2 different x or more, all positive and finite, equally many
/// tuples at each, at least `least_tuples(level)`, and every y is positive.
MedianSlope median_slope(const std::vector<double>& x, const std::vector<std::vector<double>>& y,
                         double level);

/// The least number of tuples whose smallest slope bounds the median at this level: 2^-N <= level.
std::size_t least_tuples(double level);

/// Probability that a test like `measured` puts its upper limit below `limit` if slopes are normal
/// with the spread seen there about `exponent` in truth; that of a lower limit above `limit`.
double power_of_upper_below(const MedianSlope& measured, double exponent, double limit);
double power_of_lower_above(const MedianSlope& measured, double exponent, double limit);

/// P(Binomial(trials, share) >= least).
double binomial_at_least(std::size_t least, std::size_t trials, double share);

/// What Clopper-Pearson limits at `level` can see of a share that should be `wanted` or more.
struct SharePower {
  std::size_t least_successes = 0;  ///< the test holds from here on; trials + 1 if it never does
  std::size_t most_successes = 0;  ///< refuted up to here; `refutes` says if there is such a number
  bool refutes = false;
  double holds_from = 1;  ///< smallest true share that comes out as `holds` with the power asked
  double refuted_until =
      0;  ///< largest true share that comes out as `refuted` with the power asked
};

/// Throws InputError as clopper_pearson does; wanted and power in (0, 1).
SharePower share_power(std::size_t trials, double wanted, double level, double power = 0.99);

}  // namespace alignproof::inline statistics
