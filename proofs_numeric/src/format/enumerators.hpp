// SPDX-License-Identifier: Apache-2.0
// Lists of all enumerators that cannot miss one, and the names on them.
#pragma once

#include <cstddef>
#include <iterator>
#include <stdexcept>
#include <string>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

namespace alignproof::inline format::detail {

/// The list has `count` enumerators, those of the values 0, 1, ...
template <class List>
constexpr bool complete(const List& list, std::size_t count) {
  for (std::size_t k = 0; k < std::size(list); ++k)
    if (static_cast<std::size_t>(list[k]) != k) return false;
  return std::size(list) == count;
}

/// "a, b or c"
template <class List>
std::string any_of(const List& list) {
  std::string words;
  for (std::size_t k = 0; k < std::size(list); ++k)
    words += fmt::format("{}{}",
                         k == 0                    ? ""
                         : k + 1 < std::size(list) ? ", "
                                                   : " or ",
                         to_string(list[k]));
  return words;
}

/// The one of this name; an InputError about `what` lists them all.
template <class List>
auto named(const char* what, std::string_view name, const List& list) {
  for (const auto each : list)
    if (name == to_string(each)) return each;
  throw InputError(what, fmt::format("'{}'", name), any_of(list));
}

}  // namespace alignproof::inline format::detail
