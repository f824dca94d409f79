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

TEST_CASE("T1d: both drifts, of runs that decayed", "[claims]") {
  CHECK(kind("T1d") == holds);
  for (double MadeUp::*quantity : {&MadeUp::sup_dG, &MadeUp::sup_dH})
    for (const double share : {0.1249, 0.1251})
      CHECK(kind("T1d", in_records("overparameterised", [=](MadeUp& r, const MadeUpRuns& b) {
                   r.*quantity = share * b.gamma();
                 })) == (share < 0.125 ? holds : refuted));
  // The lemma says nothing of a run that did not decay, however far it moves.
  CHECK(kind("T1d", in_records("overparameterised", [](MadeUp& r, const MadeUpRuns&) {
               r.violation = 4, r.sup_dG = 10;
             })) == undecided);
}
