// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/limits.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <sstream>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

namespace alignproof::inline core {

namespace {

namespace fs = std::filesystem;

/// Without the buffers of a stream: memory may be what there is none of. Empty if it cannot be
/// read.
std::string text_of(const fs::path& file) {
  std::string text;
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return text;
  std::array<char, 1024> buffer;
  for (ssize_t got; (got = read(descriptor, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  close(descriptor);
  return text;
}

/// The first number of a file; nothing if it is not there or says "max".
std::optional<double> number_in(const fs::path& file) {
  std::istringstream in(text_of(file));
  double value = 0;
  return in >> value ? std::optional(value) : std::nullopt;
}

/// Of a file with lines "name value".
double field(const fs::path& file, const std::string& name) {
  std::istringstream lines(text_of(file));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream in(line);
    std::string word;
    double value = 0;
    if (in >> word >> value && word == name) return value;
  }
  return 0;
}

void lower(std::optional<double>& least, std::optional<double> value) {
  if (value && (!least || *value < *least)) least = value;
}

/// The folders of a group and of all that it lies in. A container may see its own alone, mounted as
/// if it were the top.
std::vector<fs::path> folders(const fs::path& top, const std::string& group) {
  std::vector<fs::path> all = {top};
  fs::path below;
  for (const fs::path& part : fs::path(group).relative_path()) {
    if (part == "..") return {top};
    all.push_back(top / (below /= part));
  }
  return all;
}

/// The folders in which the limits of a kind stand; `controller` is "" for version 2.
std::vector<fs::path> folders_of(const ControlGroups& self, const std::string& controller) {
  std::vector<fs::path> all;
  std::istringstream lines(self.groups);
  for (std::string line; std::getline(lines, line);) {  // number:controllers:group
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1),
                      group = line.substr(second + 1);
    std::vector<fs::path> tops;
    if (controller.empty() && controllers.empty())
      tops = {self.mounted, self.mounted / "unified"};
    else if (!controller.empty() &&
             ("," + controllers + ",").find("," + controller + ",") != std::string::npos)
      tops = {self.mounted / controllers, self.mounted / controller};
    for (const fs::path& top : tops)
      for (const fs::path& folder : folders(top, group)) all.push_back(folder);
  }
  return all;
}

std::optional<double> below_limit(int resource, double used) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return std::nullopt;
  return static_cast<double>(limit.rlim_cur) - used;
}

}  // namespace

ControlGroups ControlGroups::own() {
  ControlGroups self;
  self.groups = text_of("/proc/self/cgroup");
  return self;
}

std::optional<double> ControlGroups::processors() const {
  std::optional<double> least;
  for (const fs::path& folder : folders_of(*this, "")) {
    std::istringstream in(text_of(folder / "cpu.max"));  // "150000 100000" or "max 100000"
    double quota = 0, period = 0;
    if (in >> quota >> period && quota > 0 && period > 0) lower(least, quota / period);
  }
  for (const fs::path& folder : folders_of(*this, "cpu")) {
    const auto quota = number_in(folder / "cpu.cfs_quota_us"),  // -1: none
        period = number_in(folder / "cpu.cfs_period_us");
    if (quota && period && *quota > 0 && *period > 0) lower(least, *quota / *period);
  }
  return least;
}

std::optional<double> ControlGroups::memory() const {
  std::optional<double> least;
  const auto look = [&](const fs::path& folder, const char* limit, const char* used,
                        const char* cached) {
    // What files were read into is given back when it is needed.
    if (const auto most = number_in(folder / limit))
      lower(least,
            *most - number_in(folder / used).value_or(0) + field(folder / "memory.stat", cached));
  };
  for (const fs::path& folder : folders_of(*this, ""))
    look(folder, "memory.max", "memory.current", "inactive_file");
  for (const fs::path& folder : folders_of(*this, "memory"))
    look(folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");
  return least;
}

std::size_t allowed_processors() {
  std::size_t allowed = std::max(1u, std::thread::hardware_concurrency());
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) == 0)
    allowed = static_cast<std::size_t>(CPU_COUNT(&mask));
  if (const auto quota = ControlGroups::own().processors())
    allowed = std::min(allowed, static_cast<std::size_t>(std::ceil(*quota)));
  return std::max<std::size_t>(1, allowed);
}

double allowed_memory() {
  std::istringstream in(text_of("/proc/self/statm"));  // in pages
  double size = 0, resident = 0, shared = 0, text = 0, library = 0, data = 0;
  in >> size >> resident >> shared >> text >> library >> data;
  const auto page = static_cast<double>(sysconf(_SC_PAGESIZE));
  std::optional<double> least;
  lower(least, below_limit(RLIMIT_AS, size * page));
  lower(least, below_limit(RLIMIT_DATA, data * page));
  lower(least, ControlGroups::own().memory());
  constexpr double kilobyte = 1024;
  if (const double left = kilobyte * field("/proc/meminfo", "MemAvailable:"); left > 0)
    lower(least, left);
  return std::max(0.0, least.value_or(std::numeric_limits<double>::infinity()));
}

std::string bytes_in_words(double bytes) {
  if (!(bytes < 1e18)) return "1000 PB";  // of an estimate that is beyond all bounds
  const char* unit = "kB";
  bytes /= 1e3;
  for (const char* larger : {"MB", "GB", "TB", "PB"})
    if (bytes >= 1000) bytes /= 1e3, unit = larger;
  return fmt::format("{:.3g} {}", bytes, unit);
}

void require_memory(double bytes, const std::string& what, const std::string& accepted) {
  const double allowed = allowed_memory();
  if (!(bytes <= allowed))
    throw InputError("memory of " + what, bytes_in_words(bytes) + " or more",
                     fmt::format("{}: {} are left here", accepted, bytes_in_words(allowed)));
}

}  // namespace alignproof::inline core
