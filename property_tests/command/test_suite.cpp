// SPDX-License-Identifier: Apache-2.0
// What a program from outside may bring beside our claims.
#include <alignproof/command/suite.hpp>

#include <string>

#include <alignproof/network/activation_definition.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

Claim claim_called(const std::string& id) {
  Claim claim = all_claims().front();
  claim.text.id = id;
  return claim;
}

void check_refused(const Claim& claim, const std::string& quoted, const std::string& accepted) {
  Suite suite;
  const std::size_t before = suite.claims().size();
  try {
    suite.add(claim);
    FAIL("added: " << claim.text.id);
  } catch (const InputError& error) {
    CHECK_THAT(error.what(), Catch::Contains(quoted) && Catch::Contains(accepted));
  }
  CHECK(suite.claims().size() == before);
}

}  // namespace

TEST_CASE("brought claims stand behind ours", "[command]") {
  Suite suite;
  CHECK(suite.claims().size() == all_claims().size());
  CHECK(suite.brought().empty());
  suite.add(claim_called("mine"));
  suite.add(claim_called("Mine-2'"));
  REQUIRE(suite.claims().size() == all_claims().size() + 2);
  for (std::size_t k = 0; k < all_claims().size(); ++k)
    CHECK(suite.claims()[k].text.id == all_claims()[k].text.id);
  CHECK(suite.brought()[0].text.id == "mine");
  CHECK(suite.brought()[1].text.id == "Mine-2'");
  CHECK(&suite.claim_named("mine") == &suite.brought()[0]);
  CHECK(suite.claim_named("T1").text.id == "T1");
  CHECK_THROWS_WITH(suite.claim_named("none"),
                    Catch::Contains("'none'") && Catch::Contains("T1") && Catch::Contains("mine"));

  const std::vector<Claim> all = suite.chosen({}), two = suite.chosen({"mine", "T1"});
  CHECK(all.size() == suite.claims().size());
  REQUIRE(two.size() == 2);
  CHECK(two[0].text.id == "mine");
  CHECK(two[1].text.id == "T1");
  CHECK_THROWS_AS(suite.chosen({"T1", "none"}), InputError);
}

TEST_CASE("claims that cannot stand in the table are refused", "[command]") {
  check_refused(claim_called("T1"), "'T1'", "no other claim has");
  check_refused(claim_called("T1'"), "'T1\''", "no other claim has");
  for (const char* id : {"", " ", "a b", "a,b", "1a", "-a", "a/b", "\xc3\xa4", "a\n", "refused!",
                         "a234567890123456789012345678901234567890x"})
    check_refused(claim_called(id), "'", "a letter and up to 39 more");
  Claim no_plan = claim_called("mine"), no_title = no_plan, no_statement = no_plan;
  no_plan.plan = nullptr, no_title.text.title = "", no_statement.text.statement = "";
  check_refused(no_plan, "'mine'", "a plan");
  check_refused(no_title, "'mine'", "a title and a statement");
  check_refused(no_statement, "'mine'", "a title and a statement");
  for (const auto part :
       {&ClaimText::title, &ClaimText::statement, &ClaimText::source, &ClaimText::conclusion,
        &ClaimText::constants, &ClaimText::method, &ClaimText::falsifier}) {
    Claim unreadable = claim_called("mine");
    unreadable.text.*part = "$\\foo$";
    check_refused(unreadable, "\\foo", "a command");
  }
  Claim premise = claim_called("mine");
  premise.text.premises = {"fine", "$x"};
  check_refused(premise, "$", "");

  Suite suite;
  suite.add(claim_called("mine"));
  CHECK_THROWS_WITH(suite.add(claim_called("mine")), Catch::Contains("no other claim has"));
}

TEST_CASE("a rule or an activation whose name is taken is refused", "[command]") {
  Suite suite;
  CHECK_THROWS_WITH(suite.add(learning_rule_from("fa")),
                    Catch::Contains("'fa'") && Catch::Contains("no other rule has"));
  CHECK_THROWS_WITH(suite.add(definition_of(Activation::tanh)),
                    Catch::Contains("'tanh'") && Catch::Contains("not taken"));
}
