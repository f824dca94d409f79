// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/summary.hpp>

#include <cmath>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("what is no number is the largest and the smallest of any numbers", "[claims]") {
  const double none = std::nan("");
  for (const std::vector<double>& v :
       {std::vector{none, 1.0, 2.0}, {1.0, none, 2.0}, {1.0, 2.0, none}}) {
    CHECK(std::isnan(largest(v)));
    CHECK(std::isnan(smallest(v)));
    CHECK(std::isnan(quantile_of(v, 0.5)));
  }
  CHECK(largest({1, 3, 2}) == 3);
  CHECK(smallest({2, 1, 3}) == 1);
  CHECK(quantile_of({1, 2, 3}, 0.5) == 2);
}
