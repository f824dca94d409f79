// SPDX-License-Identifier: Apache-2.0
#include <alignproof/statistics/tests.hpp>

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/statistics/fit.hpp>

namespace alignproof::inline statistics {

namespace {

void require_probability(const char* name, double value) {
  if (!(value > 0 && value < 1)) throw InputError(name, quoted(value), "a number in (0, 1)");
}

/// Largest rank k (from 1) with P(Binomial(N, 1/2) <= k - 1) <= level, 0 if there is none.
std::size_t median_rank(std::size_t tuples, double level) {
  double term = std::pow(0.5, static_cast<double>(tuples)), sum = term;
  std::size_t rank = 0;
  // P(Binomial = 0) + ... + P(Binomial = rank) must stay below the level, with room for rounding.
  while (sum <= level * (1 - 1e-9)) {
    ++rank;
    term *= static_cast<double>(tuples - rank + 1) / static_cast<double>(rank);
    sum += term;
  }
  return rank;
}

double log_slope(const std::vector<double>& log_x, const std::vector<double>& log_y) {
  const auto size = static_cast<double>(log_x.size());
  double x_mean = 0, y_mean = 0, sxx = 0, sxy = 0;
  for (std::size_t w = 0; w < log_x.size(); ++w)
    x_mean += log_x[w] / size, y_mean += log_y[w] / size;
  for (std::size_t w = 0; w < log_x.size(); ++w) {
    sxx += (log_x[w] - x_mean) * (log_x[w] - x_mean);
    sxy += (log_x[w] - x_mean) * (log_y[w] - y_mean);
  }
  return sxy / sxx;
}

void require_values(const char* name, const std::vector<double>& values) {
  for (double value : values)
    if (!(value > 0) || !std::isfinite(value))
      throw InputError(name, quoted(value), "positive finite numbers");
}

/// Of sorted numbers that may end in infinities: where there are none, the empirical quantile; else
/// the order statistic above, since no line leads to infinity.
double sorted_quantile(const std::vector<double>& sorted, double q) {
  if (std::isfinite(sorted.back())) return quantile(sorted, q);
  return sorted[static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size() - 1)))];
}

}  // namespace

std::size_t least_tuples(double level) {
  require_probability("level", level);
  std::size_t tuples = 1;
  while (median_rank(tuples, level) == 0) ++tuples;
  return tuples;
}

MedianSlope median_slope(const std::vector<double>& x, const std::vector<std::vector<double>>& y,
                         double level) {
  require_values("x", x);
  if (x.size() < 2 || y.size() != x.size() ||
      *std::min_element(x.begin(), x.end()) == *std::max_element(x.begin(), x.end()))
    throw InputError("x", fmt::format("{} numbers for {} samples", x.size(), y.size()),
                     "a sample for each of 2 different numbers or more");
  MedianSlope result;
  result.tuples = y.front().size(), result.level = level;
  for (const std::vector<double>& sample : y) {
    for (double value : sample)
      if (!(value > 0)) throw InputError("y", quoted(value), "positive numbers");
    if (sample.size() != result.tuples)
      throw InputError("tuples", fmt::format("{} and {}", sample.size(), result.tuples),
                       "equally many at every x");
  }
  if (result.tuples < least_tuples(level))
    throw InputError("tuples", fmt::format("{}", result.tuples),
                     fmt::format("at least {} for level {}", least_tuples(level), level));
  std::vector<double> log_x(x.size()), log_y(x.size()), slopes(result.tuples);
  for (std::size_t w = 0; w < x.size(); ++w) log_x[w] = std::log(x[w]);
  for (std::size_t s = 0; s < result.tuples; ++s) {
    for (std::size_t w = 0; w < x.size(); ++w) log_y[w] = std::log(y[w][s]);
    const bool all_finite =
        std::all_of(log_y.begin(), log_y.end(), [](double value) { return std::isfinite(value); });
    slopes[s] = all_finite ? log_slope(log_x, log_y) : INFINITY;
  }
  std::sort(slopes.begin(), slopes.end());
  const std::size_t rank = median_rank(result.tuples, level);
  result.exponent = sorted_quantile(slopes, 0.5);
  result.lower = slopes[rank - 1];
  result.upper = slopes[result.tuples - rank];
  const double high = sorted_quantile(slopes, 0.8413);
  result.spread = std::isfinite(high) ? (high - sorted_quantile(slopes, 0.1587)) / 2 : INFINITY;
  return result;
}

double binomial_at_least(std::size_t least, std::size_t trials, double share) {
  if (least == 0) return 1;
  if (least > trials || share <= 0) return 0;
  if (share >= 1) return 1;
  const boost::math::binomial_distribution<double> successes(static_cast<double>(trials), share);
  return boost::math::cdf(complement(successes, static_cast<double>(least - 1)));
}

namespace {

/// P(a slope < limit) in the normal model.
double share_below(const MedianSlope& measured, double exponent, double limit) {
  if (measured.spread == 0) return exponent < limit ? 1 : 0;
  if (!std::isfinite(measured.spread)) return 0.5;
  const boost::math::normal_distribution<double> slope(exponent, measured.spread);
  return boost::math::cdf(slope, limit);
}

}  // namespace

double power_of_upper_below(const MedianSlope& measured, double exponent, double limit) {
  // The upper limit, of rank N + 1 - k, lies below if N + 1 - k slopes or more do.
  const std::size_t rank = median_rank(measured.tuples, measured.level);
  return binomial_at_least(measured.tuples + 1 - rank, measured.tuples,
                           share_below(measured, exponent, limit));
}

double power_of_lower_above(const MedianSlope& measured, double exponent, double limit) {
  const std::size_t rank = median_rank(measured.tuples, measured.level);
  return binomial_at_least(measured.tuples + 1 - rank, measured.tuples,
                           1 - share_below(measured, exponent, limit));
}

namespace {

/// Largest share in [0, 1] at which `falls` (decreasing in the share) is `power` or more.
template <class Probability>
double largest_share(const Probability& falls, double power) {
  double low = 0, high = 1;
  for (int k = 0; k < 60; ++k) {
    const double middle = (low + high) / 2;
    (falls(middle) >= power ? low : high) = middle;
  }
  return low;
}

}  // namespace

SharePower share_power(std::size_t trials, double wanted, double level, double power) {
  require_probability("wanted share", wanted);
  require_probability("power", power);
  SharePower result;
  result.least_successes = trials + 1;
  for (std::size_t k = 0; k <= trials; ++k) {
    const Interval interval = clopper_pearson(k, trials, level);
    if (interval.upper < wanted) result.most_successes = k, result.refutes = true;
    if (interval.lower >= wanted) {
      result.least_successes = k;
      break;
    }
  }
  const auto fails = [&](double failing) {  // power to hold, by the share of failures
    return binomial_at_least(result.least_successes, trials, 1 - failing);
  };
  const auto refuted = [&](double share) {
    return 1 - binomial_at_least(result.most_successes + 1, trials, share);
  };
  result.holds_from = result.least_successes <= trials ? 1 - largest_share(fails, power) : 1;
  result.refuted_until = result.refutes ? largest_share(refuted, power) : 0;
  return result;
}

}  // namespace alignproof::inline statistics
