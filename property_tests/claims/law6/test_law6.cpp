// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/made_up_laws.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

TEST_CASE("law6: the exponent of every schedule, and the runs that should be lost", "[claims]") {
  CHECK(law_kind("law6") == sampled);
  for (const char* law :
       {"geometric, $\\lambda e^{-\\tau/2}$", "inverse square, $\\lambda/(1 + \\tau/2)^2$"})
    CHECK(law_kind("law6", gaps(law, &LawRecord::gap, -0.2)) == refuted);
  CHECK(law_kind("law6", gaps("cut", &LawRecord::gap_after, -0.2)) == refuted);
  CHECK(law_kind("law6", gaps("cut", &LawRecord::gap, -0.2)) == sampled);
  // Each is one run.
  CHECK(law_kind("law6", one_check_off("penalties of infinite sum")) == undecided);
}
