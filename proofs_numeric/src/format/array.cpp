// SPDX-License-Identifier: Apache-2.0
// numpy's .npy format 1.0, dtype '<f8', C order: written and read, and nothing else accepted.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/format/array.hpp>

#include <bit>
#include <charconv>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

#include "npy.hpp"

namespace alignproof::inline format {

namespace {

static_assert(std::endian::native == std::endian::little && sizeof(double) == 8 &&
                  std::numeric_limits<double>::is_iec559,
              "'<f8' is copied byte for byte");

constexpr std::string_view magic("\x93NUMPY\x01\x00", 8);
constexpr std::size_t most_axes = 32;               // numpy's limit
constexpr std::size_t preamble = magic.size() + 2;  // then two bytes of header length
constexpr std::string_view header_start = "{'descr': '<f8', 'fortran_order': False, 'shape': ";

/// The number of entries, or nothing when it does not fit: a hostile header must not wrap around.
bool count_entries(const std::vector<std::size_t>& shape, std::size_t& count) {
  count = 1;
  bool fits = true;
  for (std::size_t extent : shape) {
    std::size_t bytes = 0;
    fits = fits && !__builtin_mul_overflow(count, extent, &count) &&
           !__builtin_mul_overflow(count, sizeof(double), &bytes);
  }
  return fits;
}

std::string numpy_tuple(const std::vector<std::size_t>& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

std::string quoted_text(std::string_view text) {
  constexpr std::size_t longest = 80;
  return fmt::format("'{}'{}", text.substr(0, longest), text.size() > longest ? "..." : "");
}

void require_finite(const Array& array, const std::string& name) {
  for (std::size_t i = 0; i < array.values.size(); ++i)
    if (!is_finite(array.values[i]))
      throw InputError(fmt::format("{}: entry {}", name, i), quoted(array.values[i]),
                       "finite numbers");
}

[[noreturn]] void bad_header(const std::string& name, std::string_view header) {
  if (header.ends_with('\n')) header.remove_suffix(1);
  throw InputError(fmt::format("{}: header", name), quoted_text(header),
                   "a header of numpy's .npy format 1.0 with '<f8' in C order");
}

/// The text of a Python tuple of integers: "()", "(3,)" or "(3, 4)".
std::vector<std::size_t> parse_shape(std::string_view text, const std::string& name,
                                     std::string_view header) {
  std::vector<std::size_t> shape;
  std::size_t at = text.find_first_of("0123456789");
  while (at < text.size()) {
    std::size_t extent = 0;
    const auto [next, error] = std::from_chars(&text[at], text.data() + text.size(), extent);
    if (error != std::errc{} || shape.size() == most_axes) bad_header(name, header);
    shape.push_back(extent);
    at = text.find_first_of("0123456789", static_cast<std::size_t>(next - text.data()));
  }
  // Only the one spelling is accepted: leading zeros, signs and stray characters end here.
  if (numpy_tuple(shape) != text) bad_header(name, header);
  return shape;
}

std::vector<std::size_t> parse_header(std::string_view header, const std::string& name) {
  if (!header.starts_with(header_start)) bad_header(name, header);
  const std::string_view tail = header.substr(header_start.size());
  const std::size_t close = tail.find(')');
  if (close == std::string_view::npos) bad_header(name, header);
  const std::string_view padding = tail.substr(close + 1);
  const bool ends_well = padding.starts_with(", }") && padding.ends_with('\n') &&
                         padding.find_first_not_of(' ', 3) == padding.size() - 1;
  if (!ends_well) bad_header(name, header);
  return parse_shape(tail.substr(0, close + 1), name, header);
}

}  // namespace

Array::Array(std::vector<std::size_t> shape_) : shape(std::move(shape_)) {
  std::size_t count = 0;
  if (!count_entries(shape, count))
    throw InputError("shape", numpy_tuple(shape), "a shape that fits in memory");
  values.resize(count);
}

std::string detail::to_npy(const Array& array, const std::string& name) {
  std::size_t count = 0;
  if (!count_entries(array.shape, count) || count != array.values.size())
    throw InputError(fmt::format("{}: shape", name), numpy_tuple(array.shape),
                     fmt::format("a shape of {} entries", array.values.size()));
  if (array.shape.size() > most_axes)
    throw InputError(fmt::format("{}: number of axes", name), fmt::format("{}", array.shape.size()),
                     fmt::format("at most {}", most_axes));
  require_finite(array, name);
  std::string header = fmt::format("{}{}, }}", header_start, numpy_tuple(array.shape));
  // numpy aligns the data to 64 bytes; the header ends in a newline.
  header.append(63 - (preamble + header.size()) % 64, ' ');
  header += '\n';
  std::string bytes(magic);
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  bytes += header;
  const std::size_t data = bytes.size();
  bytes.resize(data + count * sizeof(double));
  if (count != 0) std::memcpy(bytes.data() + data, array.values.data(), count * sizeof(double));
  return bytes;
}

Array detail::from_npy(std::string_view bytes, const std::string& name) {
  if (!bytes.starts_with(magic) || bytes.size() < preamble)
    throw InputError(fmt::format("{}: size or first bytes", name),
                     fmt::format("{} bytes", bytes.size()), "a file of numpy's .npy format 1.0");
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  const std::size_t length = byte(magic.size()) + 256u * byte(magic.size() + 1);
  if (bytes.size() < preamble + length)
    throw InputError(fmt::format("{}: size", name), fmt::format("{} bytes", bytes.size()),
                     fmt::format("at least the {} bytes of its header", preamble + length));
  Array array;
  array.shape = parse_header(bytes.substr(preamble, length), name);
  const std::string_view data = bytes.substr(preamble + length);
  std::size_t count = 0;
  if (!count_entries(array.shape, count) || count * sizeof(double) != data.size())
    throw InputError(fmt::format("{}: data after the header", name),
                     fmt::format("{} bytes", data.size()),
                     fmt::format("8 bytes an entry of shape {}", numpy_tuple(array.shape)));
  array.values.resize(count);
  if (count != 0) std::memcpy(array.values.data(), data.data(), data.size());
  require_finite(array, name);
  return array;
}

void write_npy(const std::filesystem::path& file, const Array& array) {
  write_file(file, detail::to_npy(array, file.string()));
}

Array read_npy(const std::filesystem::path& file) {
  return detail::from_npy(read_file(file), file.string());
}

}  // namespace alignproof::inline format
