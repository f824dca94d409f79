// SPDX-License-Identifier: Apache-2.0
// Text as the lines that it has.
#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace alignproof::test {

/// Without their ends; the last one may have none.
inline std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace alignproof::test
