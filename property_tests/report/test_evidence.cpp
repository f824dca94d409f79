// SPDX-License-Identifier: Apache-2.0
// What the writers say about tests and rejections: sums, counts and numbers rounded to one side.
#include "records.hpp"
#include "report/evidence.hpp"
#include "report/words.hpp"

using namespace alignproof;
using report::detail::caught_in_words;
using report::detail::chance_of_falsehood;
using report::detail::rounded_down;
using report::detail::rounded_up;
using report::detail::short_number;

TEST_CASE("numbers are rounded to the side that keeps the words true",
          "[report][evidence][property]") {
  CHECK(short_number(rounded_up(0.12341)) == "0.1235");
  CHECK(short_number(rounded_down(0.12349)) == "0.1234");
  CHECK(short_number(rounded_up(9.0004)) == "9.001");
  CHECK(short_number(rounded_up(9.9994)) == "10");
  CHECK(short_number(rounded_up(-0.12349)) == "-0.1234");
  CHECK(short_number(rounded_down(1 - 1e-9)) == "0.9999");
  CHECK(rounded_down(1) == 1);
  // Errors of a sum do not show.
  CHECK(rounded_up(0.1 + 0.2) == 0.3);
  CHECK(rounded_up(std::nextafter(1e-8, 1.0)) == 1e-8);
  CHECK(std::isnan(rounded_up(std::numeric_limits<double>::quiet_NaN())));
  check_property("any number", [] {
    const double value = *testing::numbers();
    RC_PRE(!std::isnan(value));
    const double above = rounded_up(value), below = rounded_down(value);
    if (std::isinf(value)) {
      RC_ASSERT(above == value);
      RC_ASSERT(below == value);
      return;
    }
    const double slack = 1e-12 * std::abs(value), near = 2e-3 * std::abs(value);
    RC_ASSERT(above >= value - slack);
    RC_ASSERT(below <= value + slack);
    if (std::abs(value) < 1e300) RC_ASSERT(above - value <= near && value - below <= near);
    RC_ASSERT(std::strtod(short_number(above).c_str(), nullptr) == above);
    RC_ASSERT(std::strtod(short_number(below).c_str(), nullptr) == below);
  });
}

TEST_CASE("the chance of a falsehood is the sum of the alphas", "[report][evidence]") {
  const auto chance = [](const std::vector<double>& alphas) {
    std::vector<StatisticalTest> tests(alphas.size());
    for (std::size_t i = 0; i < tests.size(); ++i) tests[i].alpha = alphas[i];
    return chance_of_falsehood(tests);
  };
  CHECK(chance({}) == 0);
  CHECK(chance({0.25, 0.125, 0.125}) == 0.5);
  CHECK(chance({0.75, 0.75}) == 1);
  CHECK(chance({0.1, std::numeric_limits<double>::quiet_NaN()}) == 1);
  CHECK(chance({std::numeric_limits<double>::infinity()}) == 1);
}

TEST_CASE("survivors are counted in words", "[report][evidence]") {
  std::vector<Rejection> all(3);
  all[0].caught_by = all[1].caught_by = {"T1", "T2"};
  CHECK(report::detail::survivors(all) == 1);
  CHECK(caught_in_words(all) == "2 of 3 planted errors and false claims caught, 1 NOT caught.");
  all.pop_back();
  CHECK(caught_in_words(all) == "2 of 2 planted errors and false claims caught.");
}
