// SPDX-License-Identifier: Apache-2.0
// T1' judges the runs whose penalty is within their own budget, and no others.
#include <alignproof/claims/claim.hpp>

#include <algorithm>

#include <alignproof/network/data.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

struct Silent : Progress {};

ClaimRow penalty_row(Settings settings) {
  Silent silent;
  return verify(settings, {"T1'"}, silent).rows.front();
}

const PremiseCount& budget_premise(const ClaimRow& row) {
  const auto found =
      std::find_if(row.premises.begin(), row.premises.end(), [](const PremiseCount& premise) {
        return premise.premise.find("c\\sqrt{p}") != std::string::npos;
      });
  REQUIRE(found != row.premises.end());
  return *found;
}

}  // namespace

TEST_CASE("T1' counts the runs within their budget only", "[claims]") {
  Settings settings;
  settings.profile = self_test_profile();
  settings.profile.seeds = 3;
  SECTION("none are: nothing is judged, whatever the runs do") {
    const ClaimRow row = penalty_row(settings);
    CHECK(budget_premise(row).held == 0);
    CHECK(row.tests.empty());
    CHECK(row.verdict.kind() == VerdictKind::undecided);
    CHECK_THAT(row.verdict.text(), Catch::Contains("no seed meets the premises"));
  }
  SECTION("those of the wide network are") {
    settings.profile.penalty_linear = {8192, 1, 30, 40};
    const ClaimRow row = penalty_row(settings);
    const PremiseCount& budget = budget_premise(row);
    CHECK(budget.held == budget.of / 2);
    CHECK(row.tests.size() == 3);  // one a penalty
    CHECK(row.seeds == settings.profile.seeds + settings.profile.penalty_spare);
  }
  SECTION("a sum that is too large takes them out again") {
    settings.profile.penalty_linear = {8192, 1, 6000, 10};
    settings.profile.decay_ratio = 1 - 1e-4, settings.profile.decay_time = 1e4;
    CHECK(budget_premise(penalty_row(settings)).held == 0);
  }
  SECTION("so does a step that is too large for the penalty") {
    settings.profile.penalty_linear = {8192, 4.9, 1, 2};  // eta (2 lambda + ...) is 1.96 and more
    settings.profile.decay_ratio = 1e-3, settings.profile.decay_time = 1e-3;
    CHECK(budget_premise(penalty_row(settings)).held == 0);
  }
}
