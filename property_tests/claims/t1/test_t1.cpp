// SPDX-License-Identifier: Apache-2.0
#include "claims/made_up.hpp"

#include <cmath>

#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

}  // namespace

TEST_CASE("T1 concluded from made-up runs", "[claims]") {
  const ClaimRow good = concluded("T1");
  CHECK(good.verdict.kind() == holds);
  CHECK(good.instances == 2);
  CHECK(kind("T1", in_records("overparameterised",
                              [](MadeUp& r, const MadeUpRuns&) { r.diverged_at = 3; })) == refuted);
  CHECK(kind("T1", in_first("overparameterised: sphere",
                            [](MadeUp& r, const MadeUpRuns&) { r.diverged_at = 3; })) == undecided);
  CHECK(kind("T1", in_records("overparameterised: gaussian",
                              [](MadeUp& r, const MadeUpRuns&) { r.judged = 1; })) == undecided);
  // A batch outside the premises is no instance of the theorem, whatever its runs do.
  const ClaimRow outside = concluded("T1", [](MadeUpRuns& b) {
    if (b.batch.name.find("overparameterised: sphere") == 0) b.limit.largest_eigenvalue = 50;
  });
  CHECK(outside.verdict.kind() == undecided);
  CHECK(outside.instances == 1);
}

TEST_CASE("T1 shows the data on which it does worst", "[claims]") {
  // Whichever of the two it is, and however badly: no later data hide it.
  for (const char* data : {"overparameterised: sphere", "overparameterised: gaussian"})
    for (const double sup : {1.25, double(INFINITY)}) {
      const ClaimRow row = concluded(
          "T1", in_records(data, [sup](MadeUp& r, const MadeUpRuns&) { r.sup_ratio = sup; }));
      INFO(data);
      CHECK(row.measured == sup);
      CHECK(row.ratio == INFINITY);
    }
}

TEST_CASE("a violation that is not confirmed at 50 digits refutes nothing", "[claims]") {
  const ClaimRow row =
      concluded("T1", in_records("overparameterised: sphere",
                                 [](MadeUp& r, const MadeUpRuns&) { r.violation = 0; }));
  CHECK(row.verdict.kind() == undecided);
  CHECK_THAT(row.verdict.detail(), Catch::Contains("not confirmed at 50 digits"));
}

TEST_CASE("T1: a false claim is caught by its numbers, and only then", "[claims]") {
  check_survives("twice the limit rate",
                 in_records("overparameterised: sphere", [](MadeUp& r, const MadeUpRuns& b) {
                   r.sup_ratio = 1 - 2.1 * b.batch.network.eta * b.gamma();
                 }));
  check_survives("at small $p$", in_records("narrow", [](MadeUp& r, const MadeUpRuns& b) {
                   r.sup_ratio = 1 - 1.1 * b.batch.network.eta * b.gamma();
                 }));
  check_survives("step size", in_records("large step", [](MadeUp& r, const MadeUpRuns&) {
                   r.violation.reset();
                 }));
}
