// SPDX-License-Identifier: Apache-2.0
// Doubles as text without loss.
#pragma once

#include <string>
#include <string_view>

namespace alignproof::inline format {

/// C99 hexadecimal notation, "0x1.999999999999ap-3": exact, and read back bit for bit.
std::string to_hex(double value);

/// The inverse of `to_hex`; throws InputError on anything else and on NaN or infinity.
double from_hex(std::string_view text);

}  // namespace alignproof::inline format
