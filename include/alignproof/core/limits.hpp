// SPDX-License-Identifier: Apache-2.0
// What this process may take of its machine: limits of the shell (ulimit), of the processors it was
// put on (taskset) and of its control groups (containers, batch systems).
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace alignproof::inline core {

/// Processors of its affinity mask, and no more than the quota of time of its control groups,
/// rounded up; at least 1.
std::size_t allowed_processors();

/// Bytes that it can still take: below ulimit -v and -d, the limits of its control groups, and what
/// the machine has left.
double allowed_memory();

/// Throws InputError, before any work, if `bytes` are more than that. `what` is what takes them.
void require_memory(double bytes, const std::string& what, const std::string& accepted);

/// "1.5 GB".
std::string bytes_in_words(double bytes);

/// The control groups of a process: where they are mounted, and the text of its /proc/self/cgroup.
/// Versions 1 and 2; a group is held to the limits of those that it lies in, too.
struct ControlGroups {
  std::filesystem::path mounted = "/sys/fs/cgroup";
  std::string groups;

  static ControlGroups own();
  std::optional<double> processors() const;  ///< as time per time, for instance 1.5
  std::optional<double> memory() const;      ///< bytes that are left
};

}  // namespace alignproof::inline core
