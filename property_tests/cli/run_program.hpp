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

/// Runs lines of bash in the folder; standard output and error are kept apart, in files there. -1
/// is the exit code where a signal ended it.
inline Ended run_in(const std::filesystem::path& folder, const std::string& line) {
  const std::filesystem::path script = folder / "script.sh", out = folder / "stdout.txt",
                              err = folder / "stderr.txt";
  write_file(script, line + "\n");
  const std::string command = "cd '" + folder.string() + "' && bash script.sh > '" + out.string() +
                              "' 2> '" + err.string() + "'";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(err)};
}

/// Runs `alignproof ARGUMENTS` through the shell, where the tests run.
inline Ended run_program(const std::string& arguments, const std::filesystem::path& scratch) {
  const std::filesystem::path out = scratch / "stdout.txt", err = scratch / "stderr.txt";
  const std::string command = std::string(ALIGNPROOF_PROGRAM) + " " + arguments + " > " +
                              out.string() + " 2> " + err.string();
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(err)};
}

}  // namespace alignproof::test
