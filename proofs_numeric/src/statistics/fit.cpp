// SPDX-License-Identifier: Apache-2.0
// Decay rates by least squares, exact binomial limits, empirical quantiles.
#include <alignproof/statistics/fit.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <cmath>

#include <alignproof/core/error.hpp>

namespace alignproof::inline statistics {
namespace {

void require_finite(const std::vector<double>& values, const char* name, bool positive) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]) || (positive && values[i] <= 0))
      throw InputError(fmt::format("{}[{}]", name, i), quoted(values[i]),
                       positive ? "a finite number > 0" : "a finite number");
}

void require_points(const std::vector<double>& x, const std::vector<double>& y, const char* x_name,
                    const char* y_name, std::size_t least) {
  if (x.size() != y.size())
    throw InputError(fmt::format("number of values of {}", y_name), fmt::format("{}", y.size()),
                     fmt::format("as many as the {} of {}", x.size(), x_name));
  if (x.size() < least)
    throw InputError("number of points", fmt::format("{}", x.size()),
                     fmt::format("at least {}", least));
}

std::vector<double> logarithms(std::vector<double> values) {
  for (double& v : values) v = std::log(v);
  return values;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (double v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

/// Slope by least squares with centred sums, so that a common offset of x costs no accuracy.
double fit_slope(const std::vector<double>& x, const std::vector<double>& y, const char* x_name) {
  if (const auto [low, high] = std::minmax_element(x.begin(), x.end()); *low == *high)
    throw InputError(fmt::format("every value of {}", x_name), quoted(x[0]),
                     "values that are not all equal");
  const double x_mean = mean(x), y_mean = mean(y);
  double sxx = 0, sxy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    sxx += (x[i] - x_mean) * (x[i] - x_mean);
    sxy += (x[i] - x_mean) * (y[i] - y_mean);
  }
  return sxy / sxx;
}

/// The p with P(Binomial >= k) = level, 0 for k = 0. Boost's quantile is good to some 1e-15; moved
/// down by more than that, `level` stays a true upper bound.
double lower_limit(double k, double rest, double level) {
  constexpr double outward = 1e-12;
  if (k == 0) return 0;
  return quantile(boost::math::beta_distribution<double>(k, rest + 1), level) * (1 - outward);
}

}  // namespace

double fit_log_slope(const std::vector<double>& t, const std::vector<double>& e) {
  require_points(t, e, "t", "e", 2);
  require_finite(t, "t", false);
  require_finite(e, "e", true);
  return fit_slope(t, logarithms(e), "t");
}

Interval clopper_pearson(std::size_t successes, std::size_t trials, double level) {
  if (trials == 0) throw InputError("trials", "0", "at least one trial");
  if (successes > trials)
    throw InputError("successes", fmt::format("{}", successes),
                     fmt::format("at most the {} trials", trials));
  if (!(level > 0 && level < 0.5)) throw InputError("level", quoted(level), "a number in (0, 1/2)");
  const double k = static_cast<double>(successes), rest = static_cast<double>(trials - successes);
  // The upper limit is the lower one of the failures; near 1 it is known as 1 minus a small number.
  return {lower_limit(k, rest, level),
          std::min(1.0, std::nextafter(1 - lower_limit(rest, k, level), 2.0))};
}

double quantile(std::vector<double> values, double q) {
  if (values.empty()) throw InputError("number of values", "0", "at least one");
  require_finite(values, "values", false);
  if (!(q >= 0 && q <= 1)) throw InputError("q", quoted(q), "a number in [0, 1]");
  std::sort(values.begin(), values.end());
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const auto above = std::min(below + 1, values.size() - 1);
  return std::lerp(values[below], values[above], place - static_cast<double>(below));
}

}  // namespace alignproof::inline statistics
