// SPDX-License-Identifier: Apache-2.0
#include "claims/made_up.hpp"

#include <cmath>

#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted;

}  // namespace

TEST_CASE("T1a: the level is that of the lemma", "[claims]") {
  CHECK(kind("T1a") == holds);
  const auto G = [](double share) {
    return in_records("start of",
                      [=](MadeUp& r, const MadeUpRuns& b) { r.G0_min = share * b.gamma(); });
  };
  CHECK(kind("T1a", G(0.7501)) == holds);
  CHECK(kind("T1a", G(0.7499)) == refuted);
}
