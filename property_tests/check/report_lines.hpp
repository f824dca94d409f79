// SPDX-License-Identifier: Apache-2.0
// The facts of a report, a line each.
#pragma once

#include <string>
#include <vector>

#include "check/facts.hpp"

namespace alignproof::test {

/// "object: ...", "read: ..." and so on.
inline std::vector<std::string> lines_of(const check::Report& report) {
  std::vector<std::string> lines;
  for (const check::Fact& fact : check::facts_of(report))
    lines.push_back(fact.name + ": " + check::in_one_line(fact));
  return lines;
}

}  // namespace alignproof::test
