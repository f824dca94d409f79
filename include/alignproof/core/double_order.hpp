// SPDX-License-Identifier: Apache-2.0
// Doubles compared by their bits: the result depends on no state of the floating-point unit and on
// no option of the compiler.
#pragma once

#include <bit>
#include <cstdint>

namespace alignproof::inline core {

/// Integers in the order of the numbers: order_of(x) < order_of(y) exactly if x < y, order_of(-x)
/// is -order_of(x), and both zeros give 0. NaN lies beyond the infinities.
constexpr std::int64_t order_of(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto size = static_cast<std::int64_t>(bits & 0x7fff'ffff'ffff'ffffu);
  return bits >> 63 ? -size : size;
}

constexpr bool is_finite(double x) {
  return (std::bit_cast<std::uint64_t>(x) >> 52 & 0x7ffu) != 0x7ffu;
}

}  // namespace alignproof::inline core
