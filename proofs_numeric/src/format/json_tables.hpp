// SPDX-License-Identifier: Apache-2.0
// Groups of real numbers with their names in JSON, one table for each: writer and reader cannot
// disagree.
#pragma once

#include <string>
#include <vector>

#include <alignproof/format/number.hpp>

#include "strict_json.hpp"

namespace alignproof::inline format::detail {

template <class T>
struct NamedReal {
  const char* name;
  double T::*member;
};

template <class Table>
std::vector<std::string> names_of(const Table& table, std::vector<std::string> more = {}) {
  for (const auto& entry : table) more.emplace_back(entry.name);
  return more;
}

/// An object with these numbers, each spelled exactly.
template <class T, class Table>
Json spelled(const T& values, const Table& table) {
  Json json = Json::object();
  for (const auto& [name, member] : table) json[name] = to_hex(values.*member);
  return json;
}

/// The inverse of `spelled`. Throws InputError as `Fields` does.
template <class T, class Table>
void read_reals(T& values, const Fields& fields, const Table& table) {
  for (const auto& [name, member] : table) values.*member = fields.real(name);
}

}  // namespace alignproof::inline format::detail
