// SPDX-License-Identifier: Apache-2.0
// Levels hold whatever the distribution, powers are those of simulation.
#include <alignproof/statistics/tests.hpp>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include <alignproof/core/error.hpp>
#include <alignproof/random/normal.hpp>
#include <alignproof/statistics/fit.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

/// Runs y = x^exponent times a heavy-tailed skewed factor whose log slope has median 0: log of a
/// ratio of two equally distributed numbers is symmetric.
MedianSlope simulated(std::uint64_t seed, std::size_t tuples, double exponent, double level) {
  const std::vector<double> x = {1, 16};
  std::vector<std::vector<double>> y(2, std::vector<double>(tuples));
  for (std::size_t w = 0; w < 2; ++w)
    for (std::size_t s = 0; s < tuples; ++s) {
      const double z = standard_normal(seed, Stream::choice, static_cast<std::uint32_t>(w),
                                       static_cast<std::uint32_t>(s));
      y[w][s] = std::pow(x[w], exponent) * std::exp(z * z * z);
    }
  return median_slope(x, y, level);
}

}  // namespace

TEST_CASE("median_slope recovers exact power laws", "[statistics][property]") {
  check_property("c x^a", [] {
    const double a = *rc::gen::inRange(-300, 301) / 100.0;
    const std::vector<double> x = {128, 256, 1024, 4096};
    std::vector<std::vector<double>> y;
    for (double v : x) {
      y.emplace_back();
      for (int s = 1; s <= 40; ++s) y.back().push_back(s * std::pow(v, a));
    }
    const MedianSlope law = median_slope(x, y, 1e-6);
    RC_ASSERT(std::abs(law.exponent - a) < 1e-12);
    RC_ASSERT(std::abs(law.lower - a) < 1e-12);
    RC_ASSERT(std::abs(law.upper - a) < 1e-12);
  });
}

TEST_CASE("the interval misses as often as it says, without normality", "[statistics]") {
  // 2000 intervals at level 0.05 a side: 0.05 * 2000 = 100 misses a side, at most, on average.
  const double level = 0.05;
  const std::size_t runs = 2000;
  std::size_t below = 0, above = 0;
  for (std::uint64_t run = 0; run < runs; ++run) {
    const MedianSlope law = simulated(1000 + run, 25, -0.5, level);
    above += law.lower > -0.5, below += law.upper < -0.5;
  }
  CHECK(clopper_pearson(above, runs, 1e-7).lower <= level);
  CHECK(clopper_pearson(below, runs, 1e-7).lower <= level);
  CHECK(above + below > 50);  // and it is no wider than it must be by much: 25 tuples give 0.0216
}

TEST_CASE("limits of the median are order statistics, of the largest rank that the level allows",
          "[statistics]") {
  // Slopes 1, 2, ..., N in any order: a limit is its own rank.
  const auto limits = [](int tuples, double level) {
    std::vector<std::vector<double>> y(2);
    for (int s = 0; s < tuples; ++s)
      y[0].push_back(1), y[1].push_back(std::exp2((s * 7) % tuples + 1));
    const MedianSlope law = median_slope({1, 2}, y, level);
    return std::pair(std::lround(law.lower), std::lround(law.upper));
  };
  // P(Binomial(N, 1/2) <= k - 1): N = 27, k = 1: 7.5e-9; N = 25, k = 8: 0.0216, k = 9: 0.0539.
  CHECK(limits(27, 1e-8) == std::pair(1l, 27l));
  CHECK(limits(25, 0.05) == std::pair(8l, 18l));
  CHECK(limits(25, 0.06) == std::pair(9l, 17l));
}

TEST_CASE("least_tuples is the number whose extremes bound the median", "[statistics]") {
  CHECK(least_tuples(0.51) == 1);
  CHECK(least_tuples(0.49) == 2);
  CHECK(least_tuples(1e-8) == 27);
  const std::vector<double> x = {1, 2};
  CHECK_NOTHROW(median_slope(x, {std::vector<double>(27, 1), std::vector<double>(27, 2)}, 1e-8));
  CHECK_THROWS_WITH(median_slope(x, {std::vector<double>(26, 1), std::vector<double>(26, 2)}, 1e-8),
                    Catch::Contains("26") && Catch::Contains("27"));
}

TEST_CASE("bad samples are refused", "[statistics]") {
  const std::vector<double> forty(40, 1);
  CHECK_THROWS_AS(median_slope({1, 1}, {forty, forty}, 0.01), InputError);
  CHECK_THROWS_AS(median_slope({1, 2}, {forty}, 0.01), InputError);
  CHECK_THROWS_AS(median_slope({1, 2}, {forty, std::vector<double>(39, 1)}, 0.01), InputError);
  CHECK_THROWS_AS(median_slope({1, 2}, {forty, std::vector<double>(40, 0)}, 0.01), InputError);
  CHECK_THROWS_AS(median_slope({1, 2}, {forty, std::vector<double>(40, NAN)}, 0.01), InputError);
  CHECK_THROWS_AS(median_slope({1, 2}, {forty, forty}, 0), InputError);
}

TEST_CASE("binomial_at_least is the sum of the upper tail", "[statistics]") {
  CHECK(binomial_at_least(0, 3, 0.25) == 1);
  CHECK(binomial_at_least(1, 3, 0.25) == Approx(37.0 / 64));
  CHECK(binomial_at_least(2, 3, 0.25) == Approx(10.0 / 64));
  CHECK(binomial_at_least(3, 3, 0.25) == Approx(1.0 / 64));
  CHECK(binomial_at_least(4, 3, 0.25) == 0);
}

TEST_CASE("share_power: thresholds are those of the limits, powers those of the binomial",
          "[statistics][property]") {
  check_property("thresholds", [] {
    const auto trials = *rc::gen::inRange<std::size_t>(5, 300);
    const double wanted = *rc::gen::element(0.5, 0.8, 0.9), level = *rc::gen::element(0.01, 1e-6);
    const SharePower power = share_power(trials, wanted, level);
    for (std::size_t k = 0; k <= trials; ++k) {
      const Interval limits = clopper_pearson(k, trials, level);
      RC_ASSERT((limits.lower >= wanted) == (k >= power.least_successes));
      RC_ASSERT((limits.upper < wanted) == (power.refutes && k <= power.most_successes));
    }
    if (power.least_successes <= trials) {
      RC_ASSERT(binomial_at_least(power.least_successes, trials, power.holds_from + 1e-9) >=
                0.99 - 1e-6);
      RC_ASSERT(binomial_at_least(power.least_successes, trials, power.holds_from - 1e-6) < 0.99);
    }
    if (power.refutes)
      RC_ASSERT(binomial_at_least(power.most_successes + 1, trials, power.refuted_until) <=
                0.01 + 1e-6);
  });
  CHECK(share_power(175, 0.9, 1e-8).least_successes == 175);
  CHECK(share_power(174, 0.9, 1e-8).least_successes == 175);  // it never holds
}

TEST_CASE("the stated power is that of simulation", "[statistics]") {
  // Normal slopes, as the model says; the test is whether the upper limit falls below 0.2.
  MedianSlope model;
  model.tuples = 60, model.level = 1e-3, model.spread = 1;
  const double stated = power_of_upper_below(model, -0.3, 0.2);
  std::size_t seen = 0;
  const std::size_t runs = 2000;
  for (std::uint64_t run = 0; run < runs; ++run) {
    std::vector<std::vector<double>> y(2, std::vector<double>(60, 1));
    for (std::uint32_t s = 0; s < 60; ++s)
      y[1][s] = std::exp(std::log(2.0) * (-0.3 + standard_normal(run, Stream::choice, 7, s)));
    seen += median_slope({1, 2}, y, 1e-3).upper < 0.2;
  }
  const Interval measured = clopper_pearson(seen, runs, 1e-6);
  INFO(stated << " in " << measured.lower << ", " << measured.upper);
  CHECK(measured.lower <= stated);
  CHECK(stated <= measured.upper);
  CHECK(power_of_lower_above(model, 0.3, -0.2) == Approx(stated));
}

TEST_CASE("a run that diverged counts as a slope above every bound", "[statistics]") {
  const std::vector<double> x = {10, 100, 1000};
  const auto with_diverged = [&](std::size_t diverged) {
    std::vector<std::vector<double>> y;
    for (double at : x) {
      y.emplace_back();
      for (std::size_t s = 0; s < 32; ++s)
        y.back().push_back(std::pow(at, -0.5 + 0.001 * static_cast<double>(s)));
    }
    for (std::size_t s = 0; s < diverged; ++s) y[s % 3][s] = INFINITY;
    return median_slope(x, y, 1e-8);
  };
  // Rank 2 of 32 at this level: the second largest slope is the upper limit.
  CHECK(with_diverged(0).upper == Approx(-0.47));
  CHECK(with_diverged(1).upper == Approx(-0.469));
  CHECK(std::isinf(with_diverged(2).upper));
  CHECK(std::isfinite(with_diverged(15).exponent));
  CHECK(std::isinf(with_diverged(17).exponent));
  CHECK(std::isfinite(with_diverged(30).lower));
  CHECK(std::isinf(with_diverged(31).lower));
  const MedianSlope all = with_diverged(32);
  CHECK(power_of_upper_below(all, -0.5, -0.25) < 0.5);
  CHECK_THROWS_AS(median_slope({1, 2}, {{1.0, std::nan("")}, {1.0, 1.0}}, 0.3), InputError);
}

TEST_CASE("the page on statistics shows the numbers that the tests have", "[statistics]") {
  std::ifstream file(std::string(ALIGNPROOF_SOURCE_DIR) + "/reports/docs/statistics.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  for (std::size_t seeds : {175, 400, 1000}) {
    const SharePower power = share_power(seeds, 0.9, 1e-8);
    char row[100];
    std::snprintf(row, sizeof row, "| %zu | %zu | %.5f | %zu | %.3f |", seeds,
                  power.least_successes, power.holds_from, power.most_successes,
                  power.refuted_until);
    INFO(row);
    CHECK_THAT(page, Catch::Contains(row));
  }
}
