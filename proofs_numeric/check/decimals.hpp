// SPDX-License-Identifier: Apache-2.0
// The ends of a ball as decimals.
#pragma once

#include <string>

#include "ball.hpp"

namespace alignproof::check {

/// Of at most `digits` significant digits: at most every point of the ball, at least every point.
/// "-inf" and "inf" where nothing is known.
std::string decimal_below(const Ball& x, int digits);
std::string decimal_above(const Ball& x, int digits);

/// The lower and the upper end, rounded to the nearest decimal: to look at.
std::string lower_end(const Ball& x, int digits);
std::string upper_end(const Ball& x, int digits);

}  // namespace alignproof::check
