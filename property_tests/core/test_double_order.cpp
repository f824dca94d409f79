// SPDX-License-Identifier: Apache-2.0
// Doubles in the order of their bits, against IEEE comparisons and in every state of the unit.
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <alignproof/core/double_order.hpp>

#include "floating_point_state.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// Any double, and often one whose neighbours are zeros, the smallest or the largest numbers.
double any_double() {
  constexpr std::uint64_t corners[] = {0, 0x000fffffffffffff, 0x3ff0000000000000,
                                       0x7fefffffffffffff, 0x7ff0000000000000};
  std::uint64_t bits = *rc::gen::arbitrary<std::uint64_t>();
  if (*rc::gen::arbitrary<bool>())
    bits = corners[*rc::gen::inRange<std::size_t>(0, 5)] + *rc::gen::inRange<std::uint64_t>(0, 3);
  const double x = std::bit_cast<double>(bits);
  return *rc::gen::arbitrary<bool>() ? -x : x;
}

}  // namespace

TEST_CASE("doubles are ordered by bits as IEEE 754 orders them", "[core][property]") {
  check_property("pairs of doubles", [] {
    const double x = any_double(), y = *rc::gen::arbitrary<bool>() ? x : any_double();
    RC_ASSERT(is_finite(x) == std::isfinite(x));
    RC_PRE(!std::isnan(x) && !std::isnan(y));
    RC_ASSERT((order_of(x) < order_of(y)) == (x < y));
    RC_ASSERT((order_of(x) == order_of(y)) == (x == y));
    RC_ASSERT((order_of(x) == -order_of(y)) == (x == -y));
  });
  CHECK(order_of(-0.0) == 0);
  CHECK(order_of(std::numeric_limits<double>::quiet_NaN()) >
        order_of(std::numeric_limits<double>::infinity()));
}

#if defined(__SSE2__)
TEST_CASE("the order of doubles does not depend on the state of the unit", "[core]") {
  volatile double tiny = 5e-324, zero = 0;
  for (const unsigned bits : {0x0040u, 0x8000u, 0x2000u, 0x6000u}) {
    bool blind = false, ordered = false;
    {
      const ScopedControlBits guard(bits);
      blind = bits == 0x0040u && tiny == zero;
      ordered = order_of(tiny) > order_of(zero) && order_of(-tiny) < 0 && is_finite(tiny);
    }
    CHECK(ordered);
    if (bits == 0x0040u) CHECK(blind);  // what it is for
  }
}
#endif
