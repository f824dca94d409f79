// SPDX-License-Identifier: Apache-2.0
// Another program, run to its end.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace alignproof::inline core {

struct Subprocess {
  std::optional<int> exit_status;  ///< nothing if it did not start or was ended by a signal
  std::string output;              ///< standard output and error
  std::string trouble;             ///< why there is no exit status: "cannot be started (...)"
};

/// Runs the program at this path with these arguments. It is not looked for on PATH, and a name
/// without a folder is not accepted: whatever lies in the current folder must not be run by chance.
Subprocess run_subprocess(const std::filesystem::path& program,
                          const std::vector<std::string>& arguments);

}  // namespace alignproof::inline core
