// SPDX-License-Identifier: Apache-2.0
// One event refutes a statement about chance only through a test with a level, and what is no
// number is never lost among numbers.
#include <alignproof/claims/shares.hpp>
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

TEST_CASE("a seed outside the premises is no trial", "[claims]") {
  BatchResult result;
  result.records.resize(10);
  for (std::size_t s = 0; s < 10; ++s) result.records[s].E0 = static_cast<double>(s);
  const Seeds seeds = count_seeds(result, [](const BatchResult&, const RunRecord& r) {
    return r.E0 < 3 ? SeedOutcome::outside : success_if(r.E0 > 4);
  });
  CHECK(seeds.trials == 7);
  CHECK(seeds.successes == 5);
  CHECK(probability_verdict({0.9, 1e-8}, {0, 0, 0}, "").kind() == VerdictKind::undecided);
}
