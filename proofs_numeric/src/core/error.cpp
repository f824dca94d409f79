// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/error.hpp>

#include <fmt/format.h>

namespace alignproof::inline core {

namespace {

/// The beginning of a value that is too long for a line that somebody reads.
std::string beginning(const std::string& value) {
  constexpr std::size_t most = 600;
  if (value.size() <= most) return value;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xc0) == 0x80) --end;  // of UTF-8
  return value.substr(0, end) + "...";
}

}  // namespace

InputError::InputError(const std::string& what, const std::string& value,
                       const std::string& accepted)
    : std::runtime_error(one_line(
          fmt::format("{} = {} is not accepted: give {}", what, beginning(value), accepted))) {}

// Here, since whatever is linked with this library refers to this file.
template <>
int library_with_the_same_containers<flags::checked_containers, flags::cxx11_strings>() {
  return 0;
}

std::string one_line(const std::string& text) {
  std::string out;
  for (char letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    out += byte < 0x20 || byte == 0x7f ? fmt::format("\\x{:02x}", byte) : std::string(1, letter);
  }
  return out;
}

std::string quoted(double value) {
  return fmt::format("{}", value);
}

}  // namespace alignproof::inline core
