// SPDX-License-Identifier: Apache-2.0
// Arrays: what is accepted are the numbers in the file, and they are written and read back. An
// input that does not begin like a file begins with the header's line; the preamble is put in
// front.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include <alignproof/network/npy.hpp>

#include "format/npy.hpp"
#include "fuzz.hpp"

using namespace alignproof;

namespace {

bool same_bits(const Array& a, const Array& b) {
  return a.shape == b.shape && a.values.size() == b.values.size() &&
         (a.values.empty() ||
          std::memcmp(a.values.data(), b.values.data(), 8 * a.values.size()) == 0);
}

std::string file_of(std::string_view input) {
  if (input.starts_with('\x93')) return std::string(input);
  const std::size_t length = std::min(input.find('\n'), input.size() - 1) + 1;
  std::string bytes("\x93NUMPY\x01\x00", 8);
  bytes += static_cast<char>(length & 0xff);
  bytes += static_cast<char>(length >> 8 & 0xff);
  return bytes.append(input);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes = file_of(fuzz::text_of(data, size));
  static const fuzz::MemoryFile file;
  const auto user = fuzz::accepted([&] { return read_user_npy(file.holding(bytes)); });
  const auto array = fuzz::accepted([&] { return format::detail::from_npy(bytes, "a.npy"); });
  if (user) {
    std::size_t entries = 1;
    for (std::size_t extent : user->shape) entries *= extent;
    fuzz::require(entries == user->values.size(), "the user's shape counts the entries");
    for (double value : user->values) fuzz::require(std::isfinite(value), "entries are finite");
  }
  if (!array) return 0;
  fuzz::require(user && same_bits(*user, *array), "what certificates may have, users may too");
  const std::size_t count = array->values.size(), length = 8 * count;
  fuzz::require(length < bytes.size(), "every entry is in the file");
  fuzz::require(
      count == 0 || std::memcmp(array->values.data(), &bytes[bytes.size() - length], length) == 0,
      "the entries are the last bytes of the file");
  double entries = 1;
  for (std::size_t extent : array->shape) entries *= static_cast<double>(extent);
  fuzz::require(entries == static_cast<double>(count), "the shape counts the entries");
  for (double value : array->values) fuzz::require(std::isfinite(value), "entries are finite");
  const std::string written = format::detail::to_npy(*array, "a.npy");
  fuzz::require(same_bits(format::detail::from_npy(written, "a.npy"), *array),
                "an array reads back");
  return 0;
}
