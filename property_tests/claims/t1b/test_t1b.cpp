// SPDX-License-Identifier: Apache-2.0
#include "claims/made_up.hpp"

#include <cmath>

#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted;

}  // namespace

TEST_CASE("T1b: the level is that of the lemma", "[claims]") {
  CHECK(kind("T1b") == holds);
  const auto H = [](double share) {
    return in_records("start of",
                      [=](MadeUp& r, const MadeUpRuns& b) { r.H0_norm = share * b.gamma(); });
  };
  CHECK(kind("T1b", H(0.1249)) == holds);
  CHECK(kind("T1b", H(0.1251)) == refuted);
}
