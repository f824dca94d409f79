// SPDX-License-Identifier: Apache-2.0
// Escaping, shortening and short numbers.
#include "words.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

namespace alignproof::inline report::detail {
namespace {

/// ASCII control characters and DEL: neither a terminal nor XML takes them.
bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

}  // namespace

std::string shortened(std::string_view text, std::size_t columns) {
  std::string line(text);
  std::replace_if(line.begin(), line.end(), is_control, ' ');
  if (width(line) <= columns) return line;
  std::string result;
  const auto points = code_points(line);
  for (std::size_t i = 0; i + 1 < columns; ++i) result += points[i];
  return columns == 0 ? "" : result + "…";
}

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += is_control(c) ? ' ' : c;
    }
  }
  return out;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_letter_or_digit(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}

std::string short_number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  if (value == 0) return "0";
  // Four digits of 1234567 would hide that it is a count.
  if (value == std::trunc(value) && std::abs(value) < 1e6) return fmt::format("{:.0f}", value);
  return fmt::format("{:.4g}", value);
}

double rounded_up(double value) {
  const auto shown = [](double number) {
    // The decimal point is a point in every locale.
    const std::string digits = short_number(number);
    double read = number;
    const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), read);
    // The largest double is shown as 1.798e+308, which is more.
    if (result.ec == std::errc::result_out_of_range) return std::copysign(HUGE_VAL, number);
    return read;
  };
  const double least = value - 1e-12 * std::abs(value);
  double result = shown(value);
  for (int step = 1; result < least; ++step) result = shown(value + step * 1e-5 * std::abs(value));
  return result;
}

double rounded_down(double value) {
  return -rounded_up(-value);
}

std::string typeset_number(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "−∞" : "∞";
  const std::string digits = short_number(std::abs(value));
  const std::string sign = value < 0 ? "−" : "";
  const std::size_t e = digits.find('e');
  if (e == std::string::npos) return sign + digits;
  const std::string mantissa = digits.substr(0, e);
  const std::string power = "10" + superscript(std::atoi(digits.c_str() + e + 1));
  return sign + (mantissa == "1" ? power : mantissa + "·" + power);
}

std::string superscript(int number) {
  static constexpr const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  std::string result;
  for (const char c : std::to_string(number)) result += c == '-' ? "⁻" : digits[c - '0'];
  return result;
}

}  // namespace alignproof::inline report::detail
