// SPDX-License-Identifier: Apache-2.0
// What the checker knows of a comparison, and how it combines what it knows.
#include <vector>

#include "check/ball.hpp"
#include "check/conditions.hpp"
#include "property.hpp"

using namespace alignproof;
using check::Ball;
using check::Decision;

TEST_CASE("a comparison of balls decides for all their points, or nothing", "[check]") {
  const check::PrecisionScope scope(64);
  const Ball wide = check::widened(1, 0.5);  // about [1/2, 3/2]
  CHECK(check::greater(2, 1) == Decision::proved);
  CHECK(check::greater(1, 1) == Decision::violated);
  CHECK(check::greater(1, 2) == Decision::violated);
  CHECK(check::greater(wide, 0.25) == Decision::proved);
  CHECK(check::greater(wide, 1) == Decision::undecided);
  CHECK(check::greater(wide, 2) == Decision::violated);
  CHECK(check::at_least(1, 1) == Decision::proved);
  CHECK(check::at_least(wide, 0.25) == Decision::proved);
  CHECK(check::at_least(wide, 1) == Decision::undecided);
  CHECK(check::at_least(1, 2) == Decision::violated);
  Ball infinite;
  arf_pos_inf(arb_midref(infinite.get()));
  for (const Ball& open : {check::unknown(), infinite, 0 - infinite}) {
    CHECK(check::greater(open, 0) == Decision::undecided);
    CHECK(check::greater(0, open) == Decision::undecided);
    CHECK(check::at_least(open, 0) == Decision::undecided);
    CHECK(check::at_least(0, open) == Decision::undecided);
  }
}

TEST_CASE("one condition that fails, or that is open, decides about all", "[check]") {
  constexpr Decision yes = Decision::proved, no = Decision::violated, open = Decision::undecided;
  const auto together = [](const std::vector<Decision>& decisions) {
    std::vector<check::Condition> conditions;
    for (const Decision decision : decisions) conditions.push_back({"", decision, ""});
    return check::decide(conditions);
  };
  CHECK(together({}) == yes);
  for (const Decision each : {yes, no, open}) {
    CHECK(together({each}) == each);
    CHECK(together({each, yes}) == each);
    CHECK(together({yes, each}) == each);
    CHECK(together({no, each}) == no);
    CHECK(together({each, no}) == no);
    CHECK(check::opposite(check::opposite(each)) == each);
  }
  CHECK(together({open, open}) == open);
  CHECK(check::opposite(yes) == no);
  CHECK(check::opposite(open) == open);
}
