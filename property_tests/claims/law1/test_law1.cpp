// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/made_up_laws.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

TEST_CASE("law1: the exponent of every law, and after a cut, where it is stable", "[claims]") {
  CHECK(law_kind("law1") == holds);
  for (const char* law : {"unit sphere", "ill conditioned", "nearly parallel samples"}) {
    CHECK(law_kind("law1", gaps(law, &LawRecord::gap, -0.2)) == refuted);
    CHECK(law_kind("law1", gaps(law, &LawRecord::gap, -0.25, 0.3)) == undecided);
    CHECK(law_kind("law1", with_law(law, [](LawRecord& r) { r.stability = 2; })) == undecided);
    CHECK(law_kind("law1", with_law(law, [](LawRecord& r) {  // every run diverged
                     for (double& gap : r.gap.back()) gap = NAN;
                   })) == refuted);
  }
  CHECK(law_kind("law1", gaps("unit sphere", &LawRecord::gap_after, -0.2)) == refuted);
}

TEST_CASE("a run that diverged counts through the test of its row, not by itself", "[claims]") {
  const auto lost = [](std::size_t tuples) {
    return law_kind("law1", with_law("unit sphere", [=](LawRecord& law) {
                      for (std::size_t tuple = 0; tuple < tuples; ++tuple)
                        law.gap.back()[4 * tuple] = tuple % 2 ? INFINITY : NAN;
                    }));
  };
  CHECK(lost(0) == holds);
  // Of 32 slopes the second largest is the upper limit.
  CHECK(lost(1) == holds);
  CHECK(lost(2) == undecided);
  CHECK(lost(20) == undecided);
  CHECK(lost(31) == refuted);
  CHECK(lost(32) == refuted);
}
