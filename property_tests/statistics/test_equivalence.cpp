// SPDX-License-Identifier: Apache-2.0
#include <alignproof/statistics/equivalence.hpp>

#include <cmath>

#include <alignproof/core/error.hpp>
#include <alignproof/random/normal.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

std::vector<double> normals(std::uint64_t seed, std::uint32_t row, std::size_t size, double mean,
                            double deviation) {
  std::vector<double> values;
  for (std::uint32_t i = 0; i < size; ++i)
    values.push_back(mean + deviation * standard_normal(seed, Stream::choice, row, i));
  return values;
}

}  // namespace

TEST_CASE("means are compared by Welch's t", "[statistics]") {
  // By hand: means 2 and 5, squared errors 1/3 and 4/3, 2.94 degrees of freedom.
  const MeanComparison c = compare_means({1, 2, 3}, {3, 5, 7}, 0.5, 0.05);
  CHECK(c.difference == -3);
  // t quantile 0.975 at 50/17 degrees of freedom is 3.22 (tables: 3.182 at 3).
  CHECK((c.upper - c.difference) / std::sqrt(5.0 / 3) == Approx(3.22).epsilon(0.01));
  CHECK(c.lower + c.upper == Approx(-6));
  CHECK(c.p_apart > 0.9);
  // Both tails: P(t > 2.5/1.29) + P(t > 3.5/1.29).
  CHECK(c.p_close == Approx(0.075 + 0.037).epsilon(0.05));
}

TEST_CASE("an interval of a mean misses it as often as it says", "[statistics]") {
  // 1, 2, 3: error 1/sqrt 3, quantile 4.303 of Student's t with 2 degrees of freedom.
  const MeanInterval i = mean_interval({1, 2, 3}, 0.05);
  CHECK(i.mean == 2);
  CHECK(i.upper - 2 == Approx(4.303 / std::sqrt(3.0)).epsilon(1e-3));
  CHECK(i.lower + i.upper == Approx(4));
  int missed = 0;  // of 2000: 65 to 138 with probability 1 - 1e-4
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const MeanInterval m = mean_interval(normals(seed, 3, 5, 1, 2), 0.05);
    missed += !(m.lower <= 1 && 1 <= m.upper);
  }
  CHECK(missed >= 65);
  CHECK(missed <= 138);
  CHECK_THROWS_AS(mean_interval({1}, 0.05), InputError);
  CHECK_THROWS_AS(mean_interval({1, 2}, 0), InputError);
}

namespace {

/// Value i of ours belongs to value `from` + i of theirs, `count` times.
std::vector<Pair> pairs_from(std::size_t from, std::size_t count) {
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < count; ++i) pairs.push_back({i, from + i});
  return pairs;
}

}  // namespace

TEST_CASE("values that all come in pairs are compared by Student's t of their differences",
          "[statistics]") {
  // Differences 1, 2, 6: mean 3, squared error 7/3, quantile 4.303 with 2 degrees of freedom.
  const MeanComparison c =
      compare_means({11, 22, 36}, {30, 10, 20}, 0.5, 0.05, {{0, 1}, {1, 2}, {2, 0}});
  CHECK(c.difference == Approx(3));
  CHECK(c.upper - c.difference == Approx(4.303 * std::sqrt(7.0 / 3)).epsilon(1e-3));
  // P(t > 2.5/1.528) + P(t > 3.5/1.528).
  CHECK(c.p_close == Approx(0.1217 + 0.0745).epsilon(0.01));
  // The same difference everywhere leaves nothing to chance.
  const MeanComparison same = compare_means({1, 2, 4}, {2, 3, 5}, 0.5, 0.05, pairs_from(0, 3));
  CHECK(same.upper == Approx(-1).margin(1e-6));
  CHECK(same.p_close == Approx(0).margin(1e-6));
}

TEST_CASE("comparisons of values of which some come in pairs err as often as they say",
          "[statistics]") {
  // 12 of ours are paired with 12 of the 50 of theirs. Of 2000 at the edge of the margin 65 to 138
  // reject with probability 1 - 1e-4.
  int equivalent = 0, different = 0, narrower = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    std::vector<double> ours = normals(seed, 4, 12, 0.1, 0.03);
    const std::vector<double> theirs = normals(seed, 5, 50, 0, 0.05);
    for (std::size_t i = 0; i < 12; ++i) ours[i] += 0.8 * theirs[20 + i];
    const auto pairs = pairs_from(20, 12);
    const MeanComparison c = compare_means(ours, theirs, 0.1, 0.05, pairs);
    equivalent += c.p_apart <= 0.05;
    different += c.p_close <= 0.05;
    const MeanComparison apart = compare_means(ours, theirs, 0.1, 0.05);
    narrower += c.upper - c.lower < apart.upper - apart.lower;
  }
  CHECK(equivalent >= 65);
  CHECK(equivalent <= 138);
  CHECK(different >= 65);
  CHECK(different <= 138);
  CHECK(narrower > 1900);
}

TEST_CASE("comparisons err as often as they say, at the edge of the margin", "[statistics]") {
  // True difference = margin: both kinds of error are at their largest, 0.05 each. Of 2000
  // comparisons 65 to 138 reject with probability 1 - 1e-4.
  int equivalent = 0, different = 0, missed = 0;
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const MeanComparison c =
        compare_means(normals(seed, 1, 30, 0.1, 0.05), normals(seed, 2, 20, 0, 0.08), 0.1, 0.05);
    equivalent += c.p_apart <= 0.05;
    different += c.p_close <= 0.05;
    missed += !(c.lower <= 0.1 && 0.1 <= c.upper);
  }
  for (const int errors : {equivalent, different, missed}) {
    CHECK(errors >= 65);
    CHECK(errors <= 138);
  }
}

TEST_CASE("differences are not seen too often where the margin is small beside the error",
          "[statistics]") {
  // True difference = margin = a quarter of the error: one tail alone would reject 0.066 times.
  int different = 0;  // of 20000: 854 to 1150 with probability 1 - 1e-5
  const double margin = 0.25 * 0.05 * std::sqrt(2.0 / 50);
  for (std::uint64_t seed = 0; seed < 20000; ++seed)
    different += compare_means(normals(seed, 1, 50, margin, 0.05), normals(seed, 2, 50, 0, 0.05),
                               margin, 0.05)
                     .p_close <= 0.05;
  CHECK(different >= 854);
  CHECK(different <= 1150);
}

TEST_CASE("comparisons see what is there", "[statistics]") {
  int equivalent = 0, different = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    equivalent +=
        compare_means(normals(seed, 1, 50, 0, 0.05), normals(seed, 2, 50, 0, 0.05), 0.05, 0.05)
            .p_apart < 0.01;
    different +=
        compare_means(normals(seed, 1, 50, 0.1, 0.05), normals(seed, 2, 50, 0, 0.05), 0.05, 0.05)
            .p_close < 0.01;
  }
  CHECK(equivalent > 190);
  CHECK(different > 190);
}

TEST_CASE("Holm's adjustment", "[statistics]") {
  CHECK(holm({}).empty());
  const std::vector<double> adjusted = holm({0.01, 0.04, 0.03, 0.005});
  const double expected[] = {0.03, 0.06, 0.06, 0.02};
  for (std::size_t i = 0; i < 4; ++i) CHECK(adjusted[i] == Approx(expected[i]));
  CHECK(holm({0.9, 0.8})[0] == 1);
}

TEST_CASE("comparisons refuse what has no mean or no margin", "[statistics]") {
  CHECK_THROWS_AS(compare_means({1}, {1, 2}, 1, 0.05), InputError);
  CHECK_THROWS_AS(compare_means({1, std::nan("")}, {1, 2}, 1, 0.05), InputError);
  CHECK_THROWS_AS(compare_means({1, 2}, {1, 2}, 0, 0.05), InputError);
  CHECK_THROWS_AS(compare_means({1, 2}, {1, 2}, 1, 1), InputError);
  CHECK(compare_means({1, 1}, {1, 1}, 1, 0.05).p_apart == 0);
}
