// SPDX-License-Identifier: Apache-2.0
#include <alignproof/statistics/equivalence.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/students_t.hpp>

#include <alignproof/core/error.hpp>

namespace alignproof::inline statistics {

namespace {

struct Sample {
  double mean = 0, square = 0;  ///< squared standard error of the mean
  double freedom = 0;
};

Sample sample_of(const std::vector<double>& values) {
  if (values.size() < 2)
    throw InputError("sample", std::to_string(values.size()) + " values", "two values or more");
  const auto n = static_cast<double>(values.size());
  Sample sample;
  for (const double x : values) {
    if (!std::isfinite(x)) throw InputError("sample", quoted(x), "finite numbers");
    sample.mean += x / n;
  }
  for (const double x : values) sample.square += (x - sample.mean) * (x - sample.mean);
  sample.square /= n * (n - 1);
  sample.freedom = n - 1;
  return sample;
}

}  // namespace

MeanInterval mean_interval(const std::vector<double>& values, double level) {
  if (!(level > 0 && level < 1)) throw InputError("level", quoted(level), "a number in (0, 1)");
  const Sample sample = sample_of(values);
  const double width = quantile(complement(boost::math::students_t(sample.freedom), level / 2)) *
                       std::sqrt(sample.square);
  return {sample.mean, sample.mean - width, sample.mean + width};
}

namespace {

/// Of a difference with this standard error and so many degrees of freedom.
MeanComparison comparison_of(double difference, double error, double freedom, double margin,
                             double level) {
  MeanComparison result;
  result.difference = difference;
  if (error == 0) {  // nothing varies
    result.lower = result.upper = difference;
    result.p_apart = std::abs(difference) < margin ? 0 : 1;
    result.p_close = std::abs(difference) > margin ? 0 : 1;
    return result;
  }
  const boost::math::students_t t(freedom);
  const double width = quantile(complement(t, level / 2)) * error;
  result.lower = difference - width, result.upper = difference + width;
  const auto above = [&](double x) { return cdf(complement(t, x / error)); };
  const double distance = std::abs(difference);
  result.p_apart = above(margin - distance);
  // Largest where the true difference is at either end of [-margin, margin]; both tails count.
  result.p_close = std::min(1.0, above(distance - margin) + above(distance + margin));
  return result;
}

void require_margin_and_level(double margin, double level) {
  if (!(margin > 0) || !std::isfinite(margin))
    throw InputError("margin", quoted(margin), "a finite number > 0");
  if (!(level > 0 && level < 1)) throw InputError("level", quoted(level), "a number in (0, 1)");
}

/// Covariance of the values that belong together.
double covariance_of(const std::vector<double>& ours, const std::vector<double>& theirs,
                     const std::vector<Pair>& pairs) {
  if (pairs.size() < 2) return 0;
  const auto n = static_cast<double>(pairs.size());
  double a = 0, b = 0, sum = 0;
  for (const Pair& pair : pairs) a += ours.at(pair.ours) / n, b += theirs.at(pair.theirs) / n;
  for (const Pair& pair : pairs) sum += (ours[pair.ours] - a) * (theirs[pair.theirs] - b);
  return sum / (n - 1);
}

}  // namespace

MeanComparison compare_means(const std::vector<double>& ours, const std::vector<double>& theirs,
                             double margin, double level, const std::vector<Pair>& pairs) {
  require_margin_and_level(margin, level);
  const Sample a = sample_of(ours), b = sample_of(theirs);
  const double square = a.square + b.square, share = square > 0 ? a.square / square : 0;
  const double welch = 1 / (share * share / a.freedom + (1 - share) * (1 - share) / b.freedom);
  if (pairs.size() < 2)
    return comparison_of(a.mean - b.mean, std::sqrt(square), welch, margin, level);
  const double n = a.freedom + 1, m = b.freedom + 1, both = static_cast<double>(pairs.size());
  // Rounding may leave less than nothing where a pair differs by the same everywhere.
  const double error =
      std::sqrt(std::max(0.0, square - 2 * both * covariance_of(ours, theirs, pairs) / (n * m)));
  // From Student's where all are paired to Welch's where none is.
  const double alone = n + m - 2 * both;
  const double freedom = both - 1 + (welch - both + 1) * alone / (n + m);
  return comparison_of(a.mean - b.mean, error, freedom, margin, level);
}

std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<std::size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t i, std::size_t j) { return p_values[i] < p_values[j]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const double factor = static_cast<double>(order.size() - k);
    largest = std::max(largest, std::min(1.0, factor * p_values[order[k]]));
    adjusted[order[k]] = largest;
  }
  return adjusted;
}

}  // namespace alignproof::inline statistics
