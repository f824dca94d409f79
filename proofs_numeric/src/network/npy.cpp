// SPDX-License-Identifier: Apache-2.0
// numpy's .npy format as users have it:
// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
#include <alignproof/network/npy.hpp>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

#include "user_bytes.hpp"

namespace alignproof::inline network {

namespace {

namespace fs = std::filesystem;
using detail::in_quotes;

constexpr std::size_t most_axes = 32;
constexpr const char* accepted_types =
    "real numbers: bool, integers, float16, float32 or float64, as X.astype('float64') makes them";

struct Header {
  std::string type;  ///< "<f8"
  bool fortran_order = false;
  std::vector<std::size_t> shape;
};

/// The dictionary of a header: Python's literal of it, with three keys in any order.
class HeaderParser {
 public:
  HeaderParser(const std::string& name, std::string_view text)
      : name_(name), whole_(text), text_(text) {}

  Header parse() {
    Header header;
    bool type = false, order = false, shape = false;
    take('{');
    while (!next_is('}')) {
      const std::string_view key = word();
      take(':');
      if (key == "descr")
        header.type = type_word(), type = true;
      else if (key == "fortran_order")
        header.fortran_order = truth(), order = true;
      else if (key == "shape")
        header.shape = tuple(), shape = true;
      else
        fail();
      if (!next_is(',')) break;
      take(',');
    }
    take('}');
    skip_space();
    if (!text_.empty() || !type || !order || !shape) fail();
    return header;
  }

 private:
  [[noreturn]] void fail() const {
    throw InputError(fmt::format("header of {}", name_), in_quotes(whole_),
                     "a header as numpy.save writes it");
  }
  void skip_space() {
    text_.remove_prefix(std::min(text_.find_first_not_of(" \t\r\n"), text_.size()));
  }
  bool next_is(char c) {
    skip_space();
    return text_.starts_with(c);
  }
  void take(char c) {
    if (!next_is(c)) fail();
    text_.remove_prefix(1);
  }
  std::string_view word() {
    skip_space();
    if (text_.empty() || (text_[0] != '\'' && text_[0] != '"')) fail();
    const auto end = text_.find(text_[0], 1);
    if (end == std::string_view::npos) fail();
    const std::string_view inside = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return inside;
  }
  std::string type_word() {
    if (next_is('['))
      throw InputError(fmt::format("type of {}", name_), in_quotes(text_),
                       std::string(accepted_types) + ", not records of fields");
    return std::string(word());
  }
  bool truth() {
    skip_space();
    for (const auto& [spelling, value] : {std::pair{"True", true}, std::pair{"False", false}})
      if (text_.starts_with(spelling)) {
        text_.remove_prefix(std::strlen(spelling));
        return value;
      }
    fail();
  }
  std::vector<std::size_t> tuple() {
    std::vector<std::size_t> extents;
    take('(');
    while (!next_is(')')) {
      std::size_t extent = 0;
      const auto [stop, error] = std::from_chars(text_.data(), text_.data() + text_.size(), extent);
      if (error != std::errc{} || extents.size() == most_axes) fail();
      text_.remove_prefix(static_cast<std::size_t>(stop - text_.data()));
      if (text_.starts_with('L')) text_.remove_prefix(1);  // of Python 2
      extents.push_back(extent);
      if (!next_is(',')) break;
      take(',');
    }
    take(')');
    return extents;
  }

  std::string name_;
  std::string_view whole_, text_;
};

/// The unsigned number in these bytes.
std::uint64_t bits_of(std::string_view bytes, bool big_endian) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    bits = bits << 8 | static_cast<unsigned char>(bytes[big_endian ? i : bytes.size() - 1 - i]);
  return bits;
}

double half_from(std::uint64_t bits) {
  const double sign = bits >> 15 ? -1.0 : 1.0, fraction = static_cast<double>(bits & 0x3ff);
  const int exponent = static_cast<int>(bits >> 10 & 0x1f);
  if (exponent == 31) return fraction == 0 ? sign * HUGE_VAL : std::nan("");
  return sign *
         (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

/// How the bytes of an entry make a number.
struct Type {
  char kind = 'f';  ///< as numpy: b, i, u or f
  std::size_t size = 8;
  bool big_endian = false;
};

/// A type by its word, such as "<f8".
Type type_from(const std::string& word, const std::string& name) {
  const auto refuse = [&](const char* more) {
    throw InputError(fmt::format("type of {}", name), in_quotes(word),
                     fmt::format("{}{}", accepted_types, more));
  };
  const std::string_view letters = "<>|=";
  const bool order = !word.empty() && letters.find(word[0]) != std::string_view::npos;
  const std::string_view kind = std::string_view(word).substr(order ? 1 : 0);
  if (kind.starts_with('O')) refuse(", not Python's objects, which are pickled");
  if (kind.starts_with('c')) refuse(", not complex ones");
  if (kind.starts_with('U') || kind.starts_with('S') || kind.starts_with('a'))
    refuse(", not texts");
  if (kind.starts_with('M') || kind.starts_with('m')) refuse(", not times");
  if (kind == "f16" || kind == "f12" || kind == "g") refuse(", not long doubles");
  constexpr std::string_view known[] = {"b1", "i1", "i2", "i4", "i8", "u1",
                                        "u2", "u4", "u8", "f2", "f4", "f8"};
  if (std::find(std::begin(known), std::end(known), kind) == std::end(known)) refuse("");
  const Type type{kind[0], static_cast<std::size_t>(kind[1] - '0'), word[0] == '>'};
  if (type.size > 1 && word[0] != '<' && word[0] != '>') refuse(" (the byte order is missing)");
  return type;
}

/// The entry as a double; nothing where none equals it. What is not finite stays so.
std::optional<double> value_of(const Type& type, std::uint64_t bits) {
  if (type.kind == 'f')
    return type.size == 8 ? std::bit_cast<double>(bits)
           : type.size == 4
               ? static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)))
               : half_from(bits);
  if (type.kind == 'b' && bits > 1) return std::nullopt;
  const bool negative = type.kind == 'i' && bits >> (8 * type.size - 1) != 0;
  // The magnitude, by the complement of two in so many bytes.
  const std::uint64_t ones = ~std::uint64_t{0} >> (64 - 8 * type.size);
  const std::uint64_t magnitude = negative ? (~bits & ones) + 1 : bits;
  const auto value = static_cast<double>(magnitude);
  // 2^64 and what rounds to it does not fit back.
  if (value >= 0x1p64 || static_cast<std::uint64_t>(value) != magnitude) return std::nullopt;
  return negative ? -value : value;
}

std::string entry_text(const Type& type, std::uint64_t bits) {
  if (type.kind == 'i') return fmt::format("{}", static_cast<std::int64_t>(bits));
  return fmt::format("{}", bits);
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

/// "[3, 0]" for entry 12 of four columns, in the order of rows.
std::string place_text(std::size_t entry, const std::vector<std::size_t>& shape) {
  std::vector<std::size_t> place(shape.size());
  for (std::size_t axis = shape.size(); axis-- > 0; entry /= shape[axis])
    place[axis] = entry % shape[axis];
  return fmt::format("[{}]", fmt::join(place, ", "));
}

std::size_t count_entries(const Header& header, const std::string& name) {
  std::size_t count = 1;
  for (const std::size_t extent : header.shape)
    if (extent == 0) count = 0;
  for (const std::size_t extent : header.shape)
    if (__builtin_mul_overflow(count, extent, &count) || count > most_npy_entries)
      throw InputError(fmt::format("shape of {}", name), shape_text(header.shape),
                       fmt::format("at most {} entries", most_npy_entries));
  return count;
}

/// The header and the bytes behind it.
std::pair<Header, std::string_view> split(std::string_view bytes, const std::string& name) {
  constexpr std::string_view magic = "\x93NUMPY";
  if (!bytes.starts_with(magic)) {
    const auto format = detail::known_format(bytes);
    throw InputError(fmt::format("format of {}", name),
                     format          ? std::string(*format)
                     : bytes.empty() ? "an empty file"
                                     : in_quotes(bytes.substr(0, 8)),
                     "an array as numpy.save writes it (.npy)");
  }
  const auto truncated = [&] {
    throw InputError(fmt::format("size of {}", name), fmt::format("{} bytes", bytes.size()),
                     "a whole file: this one ends in its header");
  };
  if (bytes.size() < magic.size() + 2) truncated();
  const int major = static_cast<unsigned char>(bytes[6]),
            minor = static_cast<unsigned char>(bytes[7]);
  if (major < 1 || major > 3 || minor != 0)
    throw InputError(fmt::format("version of {}", name), fmt::format("{}.{}", major, minor),
                     "1.0, 2.0 or 3.0");
  const std::size_t start = magic.size() + 2, width = major == 1 ? 2 : 4;
  if (bytes.size() < start + width) truncated();
  const std::size_t length = bits_of(bytes.substr(start, width), false);
  if (bytes.size() - start - width < length) truncated();
  return {HeaderParser(name, bytes.substr(start + width, length)).parse(),
          bytes.substr(start + width + length)};
}

/// Where entry i of the file, whose first axis runs fastest, stands where the last does.
std::size_t place_by_rows(std::size_t i, const std::vector<std::size_t>& shape) {
  std::size_t place = 0;
  std::size_t stride = 1;
  for (std::size_t axis = 1; axis < shape.size(); ++axis) stride *= shape[axis];
  for (std::size_t axis = 0; axis < shape.size(); ++axis) {
    place += i % shape[axis] * stride;
    i /= shape[axis];
    if (axis + 1 < shape.size()) stride /= shape[axis + 1];
  }
  return place;
}

Array array_from(std::string_view bytes, const std::string& name) {
  const std::pair<Header, std::string_view> parts = split(bytes, name);
  const Header& header = parts.first;
  const std::string_view data = parts.second;
  const Type type = type_from(header.type, name);
  const std::size_t count = count_entries(header, name);
  if (data.size() != count * type.size)
    throw InputError(fmt::format("data in {}", name), fmt::format("{} bytes", data.size()),
                     fmt::format("the {} bytes of shape {} (this file is {})", count * type.size,
                                 shape_text(header.shape),
                                 data.size() < count * type.size ? "truncated" : "overlong"));
  Array array(header.shape);
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t bits = bits_of(data.substr(i * type.size, type.size), type.big_endian);
    const std::size_t place = header.fortran_order ? place_by_rows(i, header.shape) : i;
    const std::optional<double> value = value_of(type, bits);
    const auto refuse = [&](const std::string& text, const char* accepted) {
      throw InputError(fmt::format("{}{}", name, place_text(place, header.shape)), text, accepted);
    };
    if (!value) refuse(entry_text(type, bits), "a number that a double equals, as all up to 2^53");
    if (!std::isfinite(*value)) refuse(quoted(*value), "finite numbers");
    array(place) = *value;
  }
  return array;
}

}  // namespace

Array read_user_npy(const fs::path& file) {
  detail::UserBytes bytes(file, "npy file");
  const std::string text = bytes.rest(largest_npy);
  return array_from(text, bytes.name());
}

Data read_npy_data(const fs::path& X_file, const fs::path& y_file) {
  if (detail::same_stream(X_file, y_file))
    throw InputError("npy", fmt::format("'{}' twice", detail::printable(y_file.string(), true)),
                     "two files or two pipes: a pipe is read once");
  const auto name_of = [](const fs::path& file) { return detail::printable(file.string(), true); };
  Data data;
  data.X = read_user_npy(X_file);
  if (data.X.shape.size() != 2 || data.X.values.empty())
    throw InputError(fmt::format("shape of X in {}", name_of(X_file)), shape_text(data.X.shape),
                     "(n, d), a row each sample, as X.reshape(len(X), -1) makes it");
  data.y = read_user_npy(y_file);
  const std::size_t n = data.X.rows();
  if (data.y.shape.empty() || data.y.shape.size() > 2 || data.y.rows() != n || data.y.cols() == 0)
    throw InputError(
        fmt::format("shape of y in {}", name_of(y_file)), shape_text(data.y.shape),
        fmt::format("({},) or ({}, k): X in {} has {} samples", n, n, name_of(X_file), n));
  if (data.y.cols() == 1) data.y.shape = {n};
  data.name = fmt::format("npy {} {}, n={} d={}", name_of(X_file.filename()),
                          name_of(y_file.filename()), n, data.X.cols());
  if (data.y.cols() != 1) data.name += fmt::format(" k={}", data.y.cols());
  data.options =
      fmt::format("--npy {} {}", shell_word(X_file.string()), shell_word(y_file.string()));
  return data;
}

}  // namespace alignproof::inline network
