// SPDX-License-Identifier: Apache-2.0
// What doubles lose in the numbers of the theorem is far below `margin`, relative to each of them;
// the claimed numbers give way by as much, so that the checker finds room.
#pragma once

#include <cmath>

namespace alignproof::inline certificates {

inline constexpr double margin = 1e-6;

inline double up(double value) {
  return value + margin * std::abs(value);
}

}  // namespace alignproof::inline certificates
