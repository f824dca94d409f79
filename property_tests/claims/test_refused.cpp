// SPDX-License-Identifier: Apache-2.0
#include "claims/made_up.hpp"

#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

TEST_CASE("a false claim is caught by its numbers", "[claims]") {
  CHECK(survivors() == "");
  // A run that diverges does not satisfy a claim.
  const auto diverged = in_records("", [](MadeUp& r, const MadeUpRuns& b) {
    if (b.batch.name.ends_with("left out")) return;
    r.cos_end = r.min_cos_after = 0.9, r.sup_ratio = 0, r.diverged_at = 3;
  });
  for (const Rejection& rejection : refused(diverged))
    if (rejection.detail != "a run diverged") CHECK_FALSE(rejection.caught_by.empty());
}

TEST_CASE("what was not refused leaves a report undecided", "[claims]") {
  Report report;
  report.rows.resize(1);
  report.rows[0].verdict = Verdict::holds("level");
  CHECK(exit_code(verdicts_of(report)) == 0);
  report.rejections = {{Rejection::Kind::false_claim, "caught", {"T1"}, ""}};
  CHECK(exit_code(verdicts_of(report)) == 0);
  report.rejections.push_back({Rejection::Kind::planted_error, "alive", {}, ""});
  CHECK(exit_code(verdicts_of(report)) == 3);
  report.rows[0].verdict = Verdict::refuted("witness");
  CHECK(exit_code(verdicts_of(report)) == 1);
}
