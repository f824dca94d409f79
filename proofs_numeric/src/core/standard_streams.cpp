// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/standard_streams.hpp>

#include <cerrno>
#include <initializer_list>

#include <fcntl.h>
#include <unistd.h>

namespace alignproof::inline core {

void hold_standard_streams() {
  for (int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    const bool closed = fcntl(stream, F_GETFD) == -1 && errno == EBADF;
    // Takes the lowest number that is free, this one; open for the other direction, so that reading
    // and writing fail as if it were closed.
    const int direction = stream == STDIN_FILENO ? O_WRONLY : O_RDONLY;
    if (closed && open("/dev/null", direction) == -1) return;
  }
}

bool standard_output_is_open() {
  const int flags = fcntl(STDOUT_FILENO, F_GETFL);
  return flags != -1 && (flags & O_ACCMODE) != O_RDONLY;
}

}  // namespace alignproof::inline core
