// SPDX-License-Identifier: Apache-2.0
// Runs `alignproof` as a user would and keeps what it says.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <sys/wait.h>

#include <alignproof/format/files.hpp>

namespace alignproof::test {

struct Ended {
  int exit_code;
  std::string out, err;
};

/// Runs `alignproof ARGUMENTS` through the shell; standard output and error are kept apart.
inline Ended run_program(const std::string& arguments, const std::filesystem::path& scratch) {
  const std::filesystem::path out = scratch / "stdout.txt", err = scratch / "stderr.txt";
  const std::string command = std::string(ALIGNPROOF_PROGRAM) + " " + arguments + " > " +
                              out.string() + " 2> " + err.string();
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(err)};
}

}  // namespace alignproof::test
