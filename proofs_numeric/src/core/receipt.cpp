// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/receipt.hpp>

#include <array>
#include <cerrno>
#include <sstream>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace alignproof {

namespace {

/// Everything that can be read from the descriptor until it is closed at the other end.
std::string drain(int descriptor) {
  std::string text;
  std::array<char, 4096> buffer;
  for (;;) {
    const ssize_t got = read(descriptor, buffer.data(), buffer.size());
    if (got > 0)
      text.append(buffer.data(), static_cast<std::size_t>(got));
    else if (got == 0 || errno != EINTR)
      return text;
  }
}

/// The five lines of an accepting checker, about the certificate with this hash.
bool says_proved(const std::vector<std::string>& lines, const std::string& certificate_hash) {
  constexpr std::array beginnings = {"object: ", "read: ", "checked: ", "implies: proved",
                                     "trusted: "};
  if (lines.size() != beginnings.size()) return false;
  for (std::size_t k = 0; k < lines.size(); ++k)
    if (!lines[k].starts_with(beginnings[k])) return false;
  return !certificate_hash.empty() && lines[1].find(certificate_hash) != std::string::npos;
}

}  // namespace

CheckReceipt CheckReceipt::obtain(const std::filesystem::path& checker,
                                  const std::filesystem::path& folder,
                                  const std::string& certificate_hash) {
  CheckReceipt receipt;
  receipt.folder_ = folder;
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) {
    receipt.lines_ = {"the checker could not be started: no pipe"};
    return receipt;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDERR_FILENO);
  std::string program = checker.string(), argument = folder.string(), separator = "--";
  char* argv[] = {program.data(), separator.data(), argument.data(), nullptr};
  pid_t child = 0;
  const int failed = posix_spawnp(&child, program.c_str(), &actions, nullptr, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(pipe_ends[1]);
  if (failed != 0) {
    close(pipe_ends[0]);
    receipt.lines_ = {"the checker could not be started: " + program};
    return receipt;
  }
  std::istringstream output(drain(pipe_ends[0]));
  close(pipe_ends[0]);
  for (std::string line; std::getline(output, line);) receipt.lines_.push_back(line);
  int status = 0;
  pid_t ended;
  while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR) {
  }
  if (ended == child && WIFEXITED(status)) receipt.exit_status_ = WEXITSTATUS(status);
  receipt.accepted_ = receipt.exit_status_ == 0 && says_proved(receipt.lines_, certificate_hash);
  receipt.conditional_ =
      !receipt.accepted_ || receipt.lines_[3].starts_with("implies: proved (conditional");
  return receipt;
}

}  // namespace alignproof
