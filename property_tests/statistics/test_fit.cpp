// SPDX-License-Identifier: Apache-2.0
// Fits recover exact rates, binomial limits match exact sums.
#include <alignproof/statistics/fit.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <cmath>
#include <limits>
#include <string>

#include <alignproof/core/error.hpp>

#include "../property.hpp"

namespace {

using namespace alignproof;
using Wide = boost::multiprecision::cpp_bin_float_50;

constexpr double inf = std::numeric_limits<double>::infinity();

/// P(first <= Binomial(n, p) <= last), by adding up the terms in 50 digits.
Wide binomial_sum(std::size_t n, double p, std::size_t first, std::size_t last) {
  const Wide odds = Wide(p) / (1 - Wide(p));
  Wide term = pow(1 - Wide(p), n), sum = 0;
  for (std::size_t k = 0; k <= last; ++k) {
    if (k >= first) sum += term;
    term *= odds * (n - k) / (k + 1);
  }
  return sum;
}

}  // namespace

TEST_CASE("fit_log_slope recovers an exponential rate") {
  std::vector<double> t, e;
  for (int i = 0; i < 50; ++i) {
    t.push_back(1000 + 3 * i);
    e.push_back(5 * std::pow(0.98, t.back()));
  }
  CHECK(1 - std::exp(fit_log_slope(t, e)) == Approx(0.02).epsilon(1e-11));
  CHECK(fit_log_slope({0, 2}, {1, 1}) == 0);
}

TEST_CASE("a slope needs points that have one") {
  CHECK_THROWS_WITH(fit_log_slope({1, 2}, {1}), Catch::Contains("of e = 1"));
  CHECK_THROWS_WITH(fit_log_slope({1}, {1}), Catch::Contains("number of points = 1"));
  CHECK_THROWS_WITH(fit_log_slope({1, 1}, {1, 2}), Catch::Contains("not all equal"));
  CHECK_THROWS_WITH(fit_log_slope({0, 1}, {1, 0}), Catch::Contains("e[1] = 0"));
  CHECK_THROWS_WITH(fit_log_slope({0, inf}, {1, 1}), Catch::Contains("t[1] = inf"));
}

TEST_CASE("clopper_pearson solves its defining equations, checked by exact sums") {
  const Wide slack("1e-9");  // the outward step of 1e-12 in p, times the number of trials and more
  for (std::size_t n : {1, 2, 5, 12, 40})
    for (std::size_t k = 0; k <= n; ++k)
      for (double level : {0.4, 0.025, 1e-8}) {
        const auto [lower, upper] = clopper_pearson(k, n, level);
        INFO(k << " of " << n << " at " << level << ": [" << lower << ", " << upper << "]");
        REQUIRE((0 <= lower && lower < upper && upper <= 1));
        if (k > 0) {
          const Wide tail = binomial_sum(n, lower, k, n) / level;
          CHECK((tail <= 1 && tail >= 1 - slack));
        }
        if (k < n) {
          const Wide tail = binomial_sum(n, upper, 0, k) / level;
          // Near 1 the spacing of doubles is what limits the failure probability 1 - upper.
          const Wide spacing = upper < 1 ? n * Wide(0x1p-51) / (1 - Wide(upper)) : Wide(1);
          CHECK((tail <= 1 && tail >= 1 - slack - spacing));
        }
      }
}

TEST_CASE("each limit of clopper_pearson errs with probability at most its level") {
  for (std::size_t n : {1, 7, 25})
    for (double level : {0.05, 0.001})
      for (int i = 1; i < 200; ++i) {
        const double p = i / 200.0;
        Wide above = 0, below = 0;  // P(lower > p), P(upper < p)
        for (std::size_t k = 0; k <= n; ++k) {
          const auto [lower, upper] = clopper_pearson(k, n, level);
          if (lower > p) above += binomial_sum(n, p, k, k);
          if (upper < p) below += binomial_sum(n, p, k, k);
        }
        CHECK(above <= level);
        CHECK(below <= level);
      }
}

TEST_CASE("clopper_pearson at the ends", "[property]") {
  CHECK(clopper_pearson(0, 10, 0.05).lower == 0);
  CHECK(clopper_pearson(10, 10, 0.05).upper == 1);
  // (1 - upper)^10 = 0.05 and lower^10 = 0.05.
  CHECK(clopper_pearson(0, 10, 0.05).upper == Approx(1 - std::pow(0.05, 0.1)).epsilon(1e-11));
  CHECK(clopper_pearson(10, 10, 0.05).lower == Approx(std::pow(0.05, 0.1)).epsilon(1e-11));
  CHECK(clopper_pearson(400, 400, 1e-8).lower == Approx(std::pow(1e-8, 1 / 400.0)).epsilon(1e-11));
  check_property("limits mirror", [] {
    const std::size_t n = *rc::gen::inRange(1, 500), k = *rc::gen::inRange<std::size_t>(0, n + 1);
    const auto at = clopper_pearson(k, n, 0.01), mirrored = clopper_pearson(n - k, n, 0.01);
    RC_ASSERT(std::abs(at.lower - (1 - mirrored.upper)) <= 1e-11);
    RC_ASSERT(std::abs(at.upper - (1 - mirrored.lower)) <= 1e-11);
  });
  CHECK_THROWS_WITH(clopper_pearson(0, 0, 0.05), Catch::Contains("trials = 0"));
  CHECK_THROWS_WITH(clopper_pearson(4, 3, 0.05), Catch::Contains("successes = 4"));
  for (double level : {0.0, 0.5, -1.0})
    CHECK_THROWS_WITH(clopper_pearson(1, 2, level), Catch::Contains("level = " + quoted(level)));
  CHECK_THROWS_AS(clopper_pearson(1, 2, std::nan("")), InputError);
}

TEST_CASE("quantile is of type 7", "[property]") {
  CHECK(quantile({4, 1, 3, 2}, 0.25) == 1.75);
  CHECK(quantile({4, 1, 3, 2}, 0.5) == 2.5);
  CHECK(quantile({5}, 0.3) == 5);
  CHECK_THROWS_WITH(quantile({}, 0.5), Catch::Contains("number of values = 0"));
  CHECK_THROWS_WITH(quantile({1, inf}, 0.5), Catch::Contains("values[1] = inf"));
  for (double q : {-0.01, 1.01})
    CHECK_THROWS_WITH(quantile({1}, q), Catch::Contains("q = " + quoted(q)));
  CHECK_THROWS_AS(quantile({1}, std::nan("")), InputError);
  check_property("order statistics at k / (n - 1), monotone between", [] {
    const auto whole = *rc::gen::nonEmpty<std::vector<int>>();
    std::vector<double> values(whole.begin(), whole.end());
    const double q = *rc::gen::inRange(0, 1001) / 1000.0, less = q * 0.9;
    const double low = quantile(values, 0), high = quantile(values, 1);
    RC_ASSERT(low == *std::min_element(values.begin(), values.end()));
    RC_ASSERT(high == *std::max_element(values.begin(), values.end()));
    RC_ASSERT(low <= quantile(values, less) && quantile(values, less) <= quantile(values, q));
    RC_ASSERT(quantile(values, q) <= high);
  });
}
