// SPDX-License-Identifier: Apache-2.0
// A second reader of JSON, written from RFC 8259 alone. It shares nothing with the library by which
// files are read, so that the two can be held against each other, byte for byte.
#pragma once

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "format/strict_json.hpp"

namespace alignproof::plain_json {

struct Value {
  enum Kind { null, boolean, number, string, array, object } kind = null;
  bool truth = false;
  std::string text;               ///< a string in UTF-8, or a number as it is spelled
  std::vector<Value> items;       ///< of an array, or the values of an object
  std::vector<std::string> keys;  ///< of an object
};

/// The double nearest to a number as JSON spells it; infinity where it overflows.
inline double nearest(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // Out of range: which side, from_chars does not say.
  return error == std::errc{} ? value : std::strtod(text.c_str(), nullptr);
}

class Parser {
 public:
  /// Nothing below `deepest` lists and objects.
  Parser(std::string_view text, std::size_t deepest) : rest_(text), deepest_(deepest) {}

  /// Nothing unless the text is one value, each of whose objects has each key once, each of whose
  /// numbers is finite as a double.
  std::optional<Value> parse() {
    Value value;
    if (!element(value, 0) || !rest_.empty()) return std::nullopt;
    return value;
  }

 private:
  bool take(std::string_view word) {
    if (!rest_.starts_with(word)) return false;
    rest_.remove_prefix(word.size());
    return true;
  }

  void skip_space() {
    while (take(" ") || take("\t") || take("\n") || take("\r")) {
    }
  }

  bool element(Value& value, std::size_t depth) {
    if (depth > deepest_) return false;
    skip_space();
    const bool good = any(value, depth);
    skip_space();
    return good;
  }

  bool any(Value& value, std::size_t depth) {
    if (take("null")) return true;
    value.kind = Value::boolean;
    if (take("false")) return true;
    if (take("true")) return value.truth = true;
    value.kind = Value::string;
    if (take("\"")) return characters(value.text);
    value.kind = Value::array;
    if (take("[")) return members(value, depth, "]");
    value.kind = Value::object;
    if (take("{")) return members(value, depth, "}");
    value.kind = Value::number;
    return number(value.text);
  }

  bool members(Value& value, std::size_t depth, std::string_view end) {
    skip_space();
    if (take(end)) return true;
    do {
      if (value.kind == Value::object && !key(value, depth)) return false;
      if (!element(value.items.emplace_back(), depth + 1)) return false;
    } while (take(","));
    return take(end);
  }

  bool key(Value& object, std::size_t depth) {
    skip_space();
    std::string name;
    if (depth + 1 > deepest_ || !take("\"") || !characters(name)) return false;
    const bool first = std::find(object.keys.begin(), object.keys.end(), name) == object.keys.end();
    object.keys.push_back(std::move(name));
    skip_space();
    return first && take(":");
  }

  bool digits() {
    const auto count = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    rest_.remove_prefix(count);
    return count > 0;
  }

  bool number(std::string& text) {
    const std::string_view before = rest_;
    take("-");
    if (!take("0") && !digits()) return false;
    if (take(".") && !digits()) return false;
    if ((take("e") || take("E")) && (take("+") || take("-"), !digits())) return false;
    text = before.substr(0, before.size() - rest_.size());
    return std::isfinite(nearest(text));
  }

  bool characters(std::string& out) {
    while (!rest_.empty()) {
      if (take("\"")) return true;
      if (take("\\") ? !escape(out) : !character(out)) return false;
    }
    return false;
  }

  bool escape(std::string& out) {
    static constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (take("u")) return code_units(out);
    const auto which = rest_.empty() ? letters.npos : letters.find(rest_[0]);
    if (which == letters.npos) return false;
    out += meanings[which];
    rest_.remove_prefix(1);
    return true;
  }

  bool hexadecimal(std::uint32_t& unit) {
    const std::string_view four = rest_.substr(0, 4);
    if (four.find_first_not_of("0123456789abcdefABCDEF") != four.npos || four.size() < 4)
      return false;
    std::from_chars(four.data(), four.data() + 4, unit, 16);
    rest_.remove_prefix(4);
    return true;
  }

  /// A letter of Unicode: one unit of UTF-16, or a pair of surrogates.
  bool code_units(std::string& out) {
    std::uint32_t first = 0, second = 0;
    if (!hexadecimal(first) || (first >= 0xdc00 && first < 0xe000)) return false;
    if (first < 0xd800 || first >= 0xe000) return append(out, first);
    if (!take("\\u") || !hexadecimal(second) || second < 0xdc00 || second >= 0xe000) return false;
    return append(out, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
  }

  static bool append(std::string& out, std::uint32_t letter) {
    const int more = letter < 0x80 ? 0 : letter < 0x800 ? 1 : letter < 0x10000 ? 2 : 3;
    constexpr std::uint32_t leads[] = {0, 0xc0, 0xe0, 0xf0};
    out += static_cast<char>(leads[more] | letter >> (6 * more));
    for (int k = more - 1; k >= 0; --k) out += static_cast<char>(0x80 | (letter >> (6 * k) & 0x3f));
    return true;
  }

  /// One letter as it stands: a control character or what is no UTF-8 is none. The spelling of a
  /// letter in UTF-8 is unique, so a longer one is noticed by writing it anew.
  bool character(std::string& out) {
    const auto byte = [&](std::size_t k) -> std::uint32_t {
      return k < rest_.size() ? static_cast<unsigned char>(rest_[k]) : 0;
    };
    const std::uint32_t lead = byte(0);
    if (lead < 0x20) return false;
    const std::size_t more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    std::uint32_t letter = more == 0 ? lead : lead & (0x3fu >> more);
    for (std::size_t k = 1; k <= more; ++k) letter = letter << 6 | (byte(k) & 0x3f);
    if (letter > 0x10ffff || (letter >= 0xd800 && letter < 0xe000)) return false;
    std::string anew;
    append(anew, letter);
    out += anew;
    return take(anew);
  }

  std::string_view rest_;
  std::size_t deepest_;
};

inline bool same(const format::detail::Json& json, const Value& value);

inline bool same_number(const format::detail::Json& json, const std::string& text) {
  const char *begin = text.data(), *end = begin + text.size();
  const auto whole = [&](auto integer) {
    const auto [stop, error] = std::from_chars(begin, end, integer);
    return error == std::errc{} && stop == end ? std::optional(integer) : std::nullopt;
  };
  if (const auto count = whole(std::uint64_t{}))
    return json.is_number_unsigned() && json.get<std::uint64_t>() == *count;
  if (const auto integer = whole(std::int64_t{}))
    return json.is_number_integer() && !json.is_number_unsigned() &&
           json.get<std::int64_t>() == *integer;
  return json.is_number_float() && std::bit_cast<std::uint64_t>(json.get<double>()) ==
                                       std::bit_cast<std::uint64_t>(nearest(text));
}

/// Whether the library read the same value, with fields in the same order.
inline bool same(const format::detail::Json& json, const Value& value) {
  switch (value.kind) {
    case Value::null:
      return json.is_null();
    case Value::boolean:
      return json.is_boolean() && json.get<bool>() == value.truth;
    case Value::number:
      return same_number(json, value.text);
    case Value::string:
      return json.is_string() && json.get<std::string>() == value.text;
    case Value::array:
    case Value::object:
      break;
  }
  if (value.kind == Value::array ? !json.is_array() : !json.is_object()) return false;
  std::size_t k = 0;
  for (const auto& [name, item] : json.items()) {
    if (k == value.items.size() || !same(item, value.items[k])) return false;
    if (value.kind == Value::object && name != value.keys[k]) return false;
    ++k;
  }
  return k == value.items.size();
}

}  // namespace alignproof::plain_json
