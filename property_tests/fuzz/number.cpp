// SPDX-License-Identifier: Apache-2.0
// Hexadecimal numbers: accepted is exactly what C's %a writes of a finite double.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include <alignproof/format/number.hpp>

#include "fuzz.hpp"

using namespace alignproof;

namespace {

std::string as_c_writes(double value) {
  char text[64];
  return std::string(text, static_cast<std::size_t>(std::snprintf(text, sizeof text, "%a", value)));
}

bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::text_of(data, size));
  const auto value = fuzz::accepted([&] { return from_hex(text); });
  const double as_c_reads = std::strtod(text.c_str(), nullptr);
  const bool spelled = std::isfinite(as_c_reads) && as_c_writes(as_c_reads) == text;
  fuzz::require(value.has_value() == spelled, "accepted is what C writes of a finite double");
  if (value) {
    fuzz::require(same_bits(*value, as_c_reads), "the value is the one that C reads");
    fuzz::require(to_hex(*value) == text, "a number is written as it was read");
  }

  double bits = 0;
  std::memcpy(&bits, data, std::min(size, sizeof bits));
  if (std::isfinite(bits))
    fuzz::require(same_bits(from_hex(to_hex(bits)), bits), "a number reads back");
  return 0;
}
