// SPDX-License-Identifier: Apache-2.0
// No file takes the place of a standard stream that is closed.
#include <cerrno>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <alignproof/core/standard_streams.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// Whether, in a process in which the streams of the mask are closed, a new file is none of the
/// three, and those that were closed can be neither read (input) nor written to (output).
bool held(unsigned closed, const std::string& file) {
  const pid_t child = fork();
  if (child == 0) {
    for (int stream = 0; stream < 3; ++stream)
      if (closed >> stream & 1) close(stream);
    hold_standard_streams();
    bool good = standard_output_is_open() == !(closed & 2);
    good = good && open(file.c_str(), O_RDWR | O_CREAT, 0600) > STDERR_FILENO;
    for (int stream = 0; stream < 3; ++stream)
      if (closed >> stream & 1) {
        char byte = 'x';
        const ssize_t moved =
            stream == STDIN_FILENO ? read(stream, &byte, 1) : write(stream, &byte, 1);
        good = good && moved == -1 && errno == EBADF;
      }
    _exit(good ? 0 : 1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("closed standard streams are held, whichever they are", "[core]") {
  const test::TemporaryFolder folder;
  for (unsigned closed = 0; closed < 8; ++closed) {
    INFO(closed);
    CHECK(held(closed, (folder.path() / std::to_string(closed)).string()));
  }
}
