// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/exponents.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

constexpr auto holds = VerdictKind::holds, refuted = VerdictKind::refuted,
               undecided = VerdictKind::undecided;

}  // namespace

TEST_CASE("the limits of an exponent decide, not the exponent", "[claims]") {
  const auto law = [](double lower, double upper) {
    MedianSlope slope;
    slope.exponent = (lower + upper) / 2, slope.lower = lower, slope.upper = upper;
    return slope;
  };
  CHECK(below(law(-0.6, -0.4), -0.25) == holds);
  CHECK(below(law(-0.6, -0.2), -0.25) == undecided);
  CHECK(below(law(-0.3, 0.2), -0.25) == undecided);
  CHECK(below(law(-0.2, 0), -0.25) == refuted);
}
