// SPDX-License-Identifier: Apache-2.0
// Short sweeps for tests of the command.
#pragma once

#include <string>

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <alignproof/format/files.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"

namespace alignproof::test {

/// 48 short runs of every kind.
inline constexpr const char* short_runs = R"(
name = "short"
[run]
activation = ["relu", "tanh", "sigmoid"]
targets = "network"
rule = ["fa", "bp"]
number = "float"
n = 4
d = 6
width = [30, 50]
step = 0.05
reg = [0, 0.1]
steps = 400
every = 100
seeds = 2
)";

/// Six runs: few calls that change a file, so that each of them can fail once.
inline constexpr const char* few_runs = R"(
name = "few"
[run]
activation = "relu"
n = 2
d = 3
width = [5, 8]
step = 0.05
steps = 20
every = 10
seeds = 3
)";

inline std::string with_configuration(const TemporaryFolder& scratch,
                                      const char* text = short_runs) {
  const std::string file = (scratch.path() / "short.toml").string();
  write_file(file, text);
  return file;
}

inline std::string table_of(const TemporaryFolder& scratch, const std::string& configuration,
                            const std::string& name, const std::string& more = "") {
  const std::string store = (scratch.path() / (name + ".sqlite")).string();
  const auto ended =
      run_program("sweep " + configuration + " --store " + store + " " + more, scratch.path());
  INFO(ended.err);
  REQUIRE(ended.exit_code == 0);
  return read_file(scratch.path() / (name + ".csv"));
}

/// In a child process, before it becomes another program.
inline void be_silent() {
  const int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
}

}  // namespace alignproof::test
