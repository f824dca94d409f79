// SPDX-License-Identifier: Apache-2.0
// Small helpers that every writer needs: escaping, text in columns, short numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/core/columns.hpp>

namespace alignproof::inline report::detail {

using core::code_points;
using core::pad_left;
using core::pad_right;
using core::wrapped;

/// Of ASCII, whatever the locale: what other bytes are, it says differently.
bool is_letter(char c);
bool is_letter_or_digit(char c);

/// Number of code points: what a terminal needs to show the text.
inline std::size_t width(std::string_view text) {
  return text_width(text);
}

/// `text`, or its beginning and an ellipsis, in at most `columns` code points.
/// Control characters become blanks.
std::string shortened(std::string_view text, std::size_t columns);

/// Safe inside elements and inside attributes in double quotes.
std::string escape_html(std::string_view text);

/// At most five significant digits, for people: "0.9971", "1.235e-10", "inf".
std::string short_number(double value);
/// The same with a real minus sign and powers of ten as "1.235·10⁻¹⁰".
std::string typeset_number(double value);

/// The next number that short_number shows in full, not below (not above) `value`, so that "at
/// most" and "at least" are true of what is printed. Parts in 10^12 do not count: sums of doubles
/// have such errors.
double rounded_up(double value);
double rounded_down(double value);

/// Decimal digits as superscripts: -12 gives "⁻¹²".
std::string superscript(int number);

}  // namespace alignproof::inline report::detail
