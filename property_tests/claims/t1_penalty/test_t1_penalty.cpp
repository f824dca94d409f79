// SPDX-License-Identifier: Apache-2.0
// T1' judges the runs whose penalty is within their own budget, and no others.
#include "claims/t1_penalty/claim.hpp"

#include <algorithm>

#include "claims/made_up.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

ClaimRow penalty_row(const Settings& settings, const PenaltyRuns& sizes) {
  Progress silent;
  const std::vector<Claim> claims = {penalty_claim([sizes](const Profile&) { return sizes; })};
  return verify(settings, claims, silent).rows.front();
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
  PenaltyRuns sizes = penalty_runs(settings.profile);
  SECTION("none are: nothing is judged, whatever the runs do") {
    const ClaimRow row = penalty_row(settings, sizes);
    CHECK(budget_premise(row).held == 0);
    CHECK(row.tests.empty());
    CHECK(row.verdict.kind() == VerdictKind::undecided);
    CHECK_THAT(row.verdict.text(), Catch::Contains("no seed meets the premises"));
  }
  SECTION("those of the wide network are") {
    sizes.linear = {8192, 1, 30, 40};
    const ClaimRow row = penalty_row(settings, sizes);
    const PremiseCount& budget = budget_premise(row);
    CHECK(budget.held == budget.of / 2);
    CHECK(row.tests.size() == 3);  // one a penalty
    CHECK(row.seeds == settings.profile.seeds + sizes.spare);
  }
  SECTION("a sum that is too large takes them out again") {
    sizes.linear = {8192, 1, 6000, 10};
    sizes.decay_ratio = 1 - 1e-4, sizes.decay_time = 1e4;
    CHECK(budget_premise(penalty_row(settings, sizes)).held == 0);
  }
  SECTION("so does a step that is too large for the penalty") {
    sizes.linear = {8192, 4.9, 1, 2};  // eta (2 lambda + ...) is 1.96 and more
    sizes.decay_ratio = 1e-3, sizes.decay_time = 1e-3;
    CHECK(budget_premise(penalty_row(settings, sizes)).held == 0);
  }
}

TEST_CASE("T1' concluded from made-up runs", "[claims]") {
  CHECK(kind("T1'") == holds);
  for (const char* part : {"constant penalty", "geometric penalty", "inverse-square penalty"})
    CHECK(kind("T1'", in_records(part, [](MadeUp& r, const MadeUpRuns&) { r.diverged_at = 3; })) ==
          refuted);
  // A run whose penalty is beyond its budget decides nothing.
  CHECK(kind("T1'", in_records("penalty", [](MadeUp& r, const MadeUpRuns&) {
               r.penalty_budget = 0, r.diverged_at = 3;
             })) == undecided);
}

TEST_CASE("T1': a false claim is caught by its numbers, and only then", "[claims]") {
  check_survives("every summable penalty",
                 in_records("long penalty", [](MadeUp& r, const auto&) { r.violation.reset(); }));
  // It is about the penalty only where the same runs decay without it.
  check_survives("every summable penalty",
                 in_records("left out", [](MadeUp& r, const MadeUpRuns&) { r.violation = 0; }));
}
