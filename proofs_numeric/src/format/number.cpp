// SPDX-License-Identifier: Apache-2.0
// Doubles as C99 hexadecimal text; a double has exactly one spelling.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/number.hpp>

#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>
#include <alignproof/core/error.hpp>

namespace alignproof::inline format {

namespace {

/// Reads what follows "0x" without throwing: NaN marks everything that is not a number.
double parse_magnitude(std::string_view digits) {
  double value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value, std::chars_format::hex);
  return error == std::errc{} && stop == end ? value : std::nan("");
}

}  // namespace

std::string to_hex(double value) {
  if (!is_finite(value)) throw InputError("number", quoted(value), "a finite number");
  std::array<char, 32> buffer;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                          std::fabs(value), std::chars_format::hex);
  const std::string_view digits(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  return fmt::format("{}0x{}", std::signbit(value) ? "-" : "", digits);
}

double from_hex(std::string_view text) {
  std::string_view digits = text;
  const bool negative = digits.starts_with('-');
  if (negative) digits.remove_prefix(1);
  const bool prefixed = digits.starts_with("0x");
  if (prefixed) digits.remove_prefix(2);
  const double magnitude = prefixed ? parse_magnitude(digits) : std::nan("");
  const double value = negative ? -magnitude : magnitude;
  // Comparing spellings refuses what from_chars would round, and "nan", "inf" and capital letters.
  if (!is_finite(value) || to_hex(value) != text)
    throw InputError("number", fmt::format("'{}'", text.substr(0, 80)),
                     "a finite double as C99's %a spells it, such as 0x1.8p+1");
  return value;
}

}  // namespace alignproof::inline format
