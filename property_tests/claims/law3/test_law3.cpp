// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/made_up_laws.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

TEST_CASE("law3: the exponent of the move, and a control that moves", "[claims]") {
  CHECK(law_kind("law3") == holds);
  CHECK(law_kind("law3", gaps("isometric, $K = 2I$", &LawRecord::moved, -0.2)) == refuted);
  CHECK(law_kind("law3", with_law("unit sphere", [](LawRecord& law) {  // the control stands still
                   fill_table(law.moved, 1e-9);
                 })) == undecided);
}

TEST_CASE("that a cut moves nothing for any K is refused by the move of a general one",
          "[claims]") {
  CHECK(refused_by("law3", make_up_law).rejection.caught_by == std::vector<std::string>{"law3"});
  CHECK(
      refused_by("law3", gaps("unit sphere", &LawRecord::moved, -0.3)).rejection.caught_by.empty());
  CHECK(refused_by("law3", make_up_law).tests.size() == 1);
}
