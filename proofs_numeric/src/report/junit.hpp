// SPDX-License-Identifier: Apache-2.0
// JUnit XML, as machines that show test results read it.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace alignproof::inline report::detail {

enum class Outcome { passed, failed, skipped };

struct JunitCase {
  std::string group, name;
  Outcome outcome;
  std::string type;     ///< of a failure, one or two words
  std::string message;  ///< one line
  std::string more;     ///< may be empty
};

struct JunitSuite {
  std::string name;
  std::vector<JunitCase> cases;
};

/// The document; each suite has these properties, name and value.
std::string junit_document(const std::vector<JunitSuite>& suites,
                           const std::vector<std::pair<std::string, std::string>>& properties);

}  // namespace alignproof::inline report::detail
