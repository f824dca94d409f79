// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/made_up_laws.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

TEST_CASE("law4: every delay counts, each being one run, and its premise", "[claims]") {
  CHECK(law_kind("law4") == sampled);
  for (const char* name :
       {"delays in double", "delays, 50 digits", "delays, 200 digits", "delays, 1000 digits"}) {
    INFO(name);
    CHECK(law_kind("law4", one_check_off(name)) == undecided);
    CHECK(law_kind("law4", with_checks(name, [](std::vector<LawCheck>& checks) {
                     checks.front().measured = NAN;
                   })) == undecided);
  }
  const ClaimRow fine = filled_row("law4", make_up_law);
  const ClaimRow outside = filled_row(
      "law4", with_checks("delays in double",
                          [](std::vector<LawCheck>& checks) { checks.front().inside = false; }));
  CHECK(outside.verdict.kind() == undecided);
  CHECK(outside.instances + 1 == fine.instances);
}
