// SPDX-License-Identifier: Apache-2.0
// What may be said of a report: five facts of a certificate that is proved, else three, of which
// the last says what is violated or left open.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report.hpp"

namespace alignproof::check {

/// "proved", "violated", "undecided"
std::string_view to_string(Decision decision);

struct Fact {
  std::string name;                  ///< "implies"
  std::string text;                  ///< "proved: by Theorem A, "
  std::vector<std::string> items{};  ///< statements that follow the text
  std::string end{};                 ///< what follows them
};

/// object, read, checked, implies, trusted; or object, read, and fails or undecided.
std::vector<Fact> facts_of(const Report& report);

/// Text, items with semicolons between them, and end.
std::string in_one_line(const Fact& fact);

}  // namespace alignproof::check
