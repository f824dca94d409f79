// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/claim.hpp>

#include <set>

#include <alignproof/report/math.hpp>

#include "property.hpp"

using namespace alignproof;

TEST_CASE("every claim says all that a reader needs, in formulas that can be shown", "[claims]") {
  std::set<std::string> ids;
  for (const Claim& claim : all_claims()) {
    const ClaimText& text = claim.text;
    INFO(text.id);
    CHECK(ids.insert(text.id).second);
    for (const std::string* words : {&text.title, &text.statement, &text.source, &text.conclusion,
                                     &text.constants, &text.method, &text.falsifier}) {
      CHECK_FALSE(words->empty());
      CHECK_NOTHROW(prose_to_html(*words));
      CHECK_NOTHROW(prose_to_text(*words));
      CHECK_NOTHROW(prose_to_tex(*words));
    }
    CHECK_FALSE(text.premises.empty());
    for (const std::string& premise : text.premises) CHECK_NOTHROW(prose_to_html(premise));
  }
  for (const char* id : {"T1", "T1a", "T1b", "T1c", "T1d", "T1e", "T1'", "T2", "T3", "ID", "KF"})
    CHECK(ids.contains(id));
  CHECK_THROWS_WITH(claim_named("T9"), Catch::Contains("'T9'") && Catch::Contains("T1a"));
}
