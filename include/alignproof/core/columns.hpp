// SPDX-License-Identifier: Apache-2.0
// Text in the columns of a terminal: widths in code points, padding, lines of limited length.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace alignproof::inline core {

/// The columns that every program keeps to.
inline constexpr std::size_t terminal_columns = 80;

/// The code points of UTF-8 text, each as the bytes it is made of.
std::vector<std::string_view> code_points(std::string_view text);

/// Number of code points: what a terminal needs to show the text.
std::size_t text_width(std::string_view text);

/// `text` and blanks behind it (or in front) up to `columns` code points; never cut.
std::string pad_right(std::string_view text, std::size_t columns);
std::string pad_left(std::string_view text, std::size_t columns);

/// Lines of at most `columns` >= 1 code points, broken at blanks. A word that is too long is cut.
/// Line breaks and control characters of the text count as blanks.
std::vector<std::string> wrapped(std::string_view text, std::size_t columns);

/// `text` wrapped at 80 columns, each line behind `margin` blanks; `head`, which is shorter than
/// that, stands in the margin of the first line.
std::vector<std::string> wrapped_behind(std::string_view head, std::string_view text,
                                        std::size_t margin);

}  // namespace alignproof::inline core
