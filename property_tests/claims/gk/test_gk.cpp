// SPDX-License-Identifier: Apache-2.0
#include "claims/made_up.hpp"

#include <cmath>

#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

}  // namespace

TEST_CASE("GK: the exponent lies within the margin on both sides", "[claims]") {
  const auto with = [](double exponent, double spread = 0) {
    return kind("GK", power_of_width("width ", &MadeUp::G0_error, exponent, spread));
  };
  CHECK(with(-0.5) == holds);
  CHECK(with(-0.26) == holds);
  CHECK(with(-0.74) == holds);
  CHECK(with(-0.2) == refuted);
  CHECK(with(-0.8) == refuted);
  CHECK(with(-0.25, 0.2) == undecided);
  CHECK(with(-0.75, 0.2) == undecided);
  CHECK(kind("GK", in_first("width ", [](MadeUp& r, const MadeUpRuns&) { r.diverged_at = 0; })) ==
        undecided);
}
