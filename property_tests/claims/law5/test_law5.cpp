// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/made_up_laws.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

TEST_CASE("law5: a rate of the law that is off refutes, one of a single run decides nothing",
          "[claims]") {
  CHECK(law_kind("law5") == sampled);
  const auto no_number = [](std::vector<LawCheck>& checks) { checks.front().measured = NAN; };
  CHECK(law_kind("law5", one_check_off("constants of the law")) == refuted);
  CHECK(law_kind("law5", with_checks("constants of the law", no_number)) == refuted);
  for (const char* name : {"rates of a run, isometric", "rates of a run, unit sphere"}) {
    CHECK(law_kind("law5", one_check_off(name)) == undecided);
    CHECK(law_kind("law5", with_checks(name, no_number)) == undecided);
  }
}

TEST_CASE("that the error falls like a square root is refused by its exponent", "[claims]") {
  CHECK(refused_by("law5", make_up_law).rejection.caught_by == std::vector<std::string>{"law5"});
  CHECK(refused_by("law5", with_checks("constants of the law",
                                       [](std::vector<LawCheck>& checks) {
                                         for (LawCheck& check : checks) check.measured = -0.5;
                                       }))
            .rejection.caught_by.empty());
}
