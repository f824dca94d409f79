// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/subprocess.hpp>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

extern char** environ;

namespace alignproof::inline core {

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

/// Both to the descriptor; the error number of the start.
int start(std::vector<std::string> words, int descriptor, pid_t& child) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, descriptor, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, descriptor, STDERR_FILENO);
  const int failed = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  return failed;
}

}  // namespace

Subprocess run_subprocess(const std::filesystem::path& program,
                          const std::vector<std::string>& arguments) {
  Subprocess run;
  if (!program.has_parent_path()) {
    run.trouble = "names no folder";
    return run;
  }
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) {
    run.trouble = "cannot be started (no pipe)";
    return run;
  }
  std::vector<std::string> words = {program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  pid_t child = 0;
  const int failed = start(std::move(words), pipe_ends[1], child);
  close(pipe_ends[1]);
  if (failed != 0) {
    close(pipe_ends[0]);
    run.trouble = fmt::format("cannot be started ({})", std::strerror(failed));
    return run;
  }
  run.output = drain(pipe_ends[0]);
  close(pipe_ends[0]);
  int status = 0;
  pid_t ended;
  while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR) {
  }
  if (ended == child && WIFEXITED(status))
    run.exit_status = WEXITSTATUS(status);
  else if (ended == child && WIFSIGNALED(status))
    run.trouble = fmt::format("was ended by a signal ({})", strsignal(WTERMSIG(status)));
  else
    run.trouble = "ended unseen";
  return run;
}

}  // namespace alignproof::inline core
