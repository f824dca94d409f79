// SPDX-License-Identifier: Apache-2.0
// Enclosed numbers as the subcommands print them.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include <alignproof/scalar/ball.hpp>
#include <alignproof/scalar/mpfr.hpp>

namespace alignproof::cli {

/// Exit code of a subcommand that ends without a decision.
inline constexpr int undecided_code = 3;

/// Bounds in so many significant digits, rounded outwards.
std::string lower_text(const RealBall<Mpfr>& x, int digits);
std::string upper_text(const RealBall<Mpfr>& x, int digits);
std::string radius_text(const RealBall<Mpfr>& x);

/// "[0.32291834, 0.32291835]": both bounds in so many significant digits, as plain decimals where
/// that is shorter.
std::string interval_text(const RealBall<Mpfr>& x, int digits);

/// A name of at most 20 columns and what stands behind it.
void print_line(const std::string& name, const std::string& value);

/// Both bounds and the radius.
nlohmann::ordered_json enclosure_json(const RealBall<Mpfr>& x, int digits);

}  // namespace alignproof::cli
