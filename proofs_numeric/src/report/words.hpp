// SPDX-License-Identifier: Apache-2.0
// Small helpers that every writer needs: escaping, widths in code points, wrapping, short numbers.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace alignproof::inline report::detail {

/// The code points of UTF-8 text, each as the bytes it is made of.
std::vector<std::string_view> code_points(std::string_view text);

/// Of ASCII, whatever the locale: what other bytes are, it says differently.
bool is_letter(char c);
bool is_letter_or_digit(char c);

/// Number of code points: what a terminal needs to show the text.
std::size_t width(std::string_view text);

/// `text` and blanks behind it (or in front) up to `columns` code points; never cut.
std::string pad_right(std::string_view text, std::size_t columns);
std::string pad_left(std::string_view text, std::size_t columns);

/// `text`, or its beginning and an ellipsis, in at most `columns` code points.
/// Control characters become blanks.
std::string shortened(std::string_view text, std::size_t columns);

/// Lines of at most `columns` code points, broken at blanks. A word that is too long is cut. Line
/// breaks and control characters of the text count as blanks.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

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
