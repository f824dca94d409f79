// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/limits.hpp>

#include <atomic>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <string>

#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/parallel.hpp>
#include <alignproof/format/files.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::TemporaryFolder;

namespace {

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  write_file(file, text);
}

/// The exit code of a process of its own, in which `body` may lower its limits.
template <class Body>
int in_a_child(Body body) {
  const pid_t child = fork();
  if (child == 0) {
    int code = 99;
    try {
      code = body();
    } catch (...) {
    }
    _exit(code);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("quotas of control groups, of the group and of all that it lies in", "[core]") {
  const TemporaryFolder scratch;
  const std::filesystem::path top = scratch.path();
  SECTION("version 2") {
    ControlGroups groups{top, "0::/batch/job 7\n"};
    CHECK_FALSE(groups.processors());
    CHECK_FALSE(groups.memory());
    write(top / "batch/job 7/cpu.max", "max 100000\n");
    CHECK_FALSE(groups.processors());
    write(top / "batch/job 7/cpu.max", "150000 100000\n");
    CHECK(groups.processors() == 1.5);
    write(top / "batch/cpu.max", "50000 100000\n");
    CHECK(groups.processors() == 0.5);
    write(top / "other/cpu.max", "1000 100000\n");  // not ours
    CHECK(groups.processors() == 0.5);
    write(top / "batch/job 7/memory.max", "max\n");
    CHECK_FALSE(groups.memory());
    write(top / "batch/job 7/memory.max", "1000000\n");
    write(top / "batch/job 7/memory.current", "900000\n");
    write(top / "batch/job 7/memory.stat", "anon 5\ninactive_file 250000\nactive_file 7\n");
    CHECK(groups.memory() == 350000.0);
    write(top / "batch/memory.max", "1000\n");
    CHECK(groups.memory() == 1000.0);
  }
  SECTION("a container sees its own group as the top") {
    write(top / "cpu.max", "100000 100000\n");
    CHECK(ControlGroups{top, "0::/\n"}.processors() == 1.0);
    CHECK(ControlGroups{top, "0::/../somewhere\n"}.processors() == 1.0);
    CHECK(ControlGroups{top, "0::/unseen/from/here\n"}.processors() == 1.0);
  }
  SECTION("version 1") {
    ControlGroups groups{top, "7:memory:/box\n4:cpu,cpuacct:/box\n1:name=systemd:/box\n"};
    CHECK_FALSE(groups.processors());
    write(top / "cpu,cpuacct/box/cpu.cfs_quota_us", "-1\n");
    write(top / "cpu,cpuacct/box/cpu.cfs_period_us", "100000\n");
    CHECK_FALSE(groups.processors());
    write(top / "cpu,cpuacct/box/cpu.cfs_quota_us", "250000\n");
    CHECK(groups.processors() == 2.5);
    write(top / "memory/box/memory.limit_in_bytes", "5000\n");
    write(top / "memory/box/memory.usage_in_bytes", "2000\n");
    CHECK(groups.memory() == 3000.0);
    // Mounted by its own name alone.
    ControlGroups other{top / "elsewhere", "4:cpu,cpuacct:/\n"};
    write(top / "elsewhere/cpu/cpu.cfs_quota_us", "100000\n");
    write(top / "elsewhere/cpu/cpu.cfs_period_us", "100000\n");
    CHECK(other.processors() == 1.0);
  }
  SECTION("what is no list of groups") {
    for (const char* text : {"", "\n", "0", "::", ":::", "0::"}) {
      INFO(text);
      CHECK_FALSE(ControlGroups{top / "empty", text}.processors());
    }
  }
}

TEST_CASE("no more processors than the affinity mask has", "[core]") {
  cpu_set_t before;
  REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
  CHECK(allowed_processors() >= 1);
  CHECK(allowed_processors() <= static_cast<std::size_t>(CPU_COUNT(&before)));
  CHECK(in_a_child([&] {
          cpu_set_t one;
          CPU_ZERO(&one);
          for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
            if (CPU_ISSET(cpu, &before)) {
              CPU_SET(cpu, &one);
              break;
            }
          sched_setaffinity(0, sizeof one, &one);
          return static_cast<int>(allowed_processors());
        }) == 1);
}

TEST_CASE("memory is held against the limits of the process", "[core]") {
  CHECK(allowed_memory() > 1e6);
  CHECK_NOTHROW(require_memory(1e6, "a test", "less"));
  CHECK_THROWS_WITH(require_memory(1e18, "a test", "fewer of them"),
                    Catch::StartsWith("memory of a test = 1000 PB or more is not accepted: give "
                                      "fewer of them: "));
  CHECK_THROWS_AS(require_memory(std::nan(""), "a test", "less"), InputError);
  for (const int resource : {RLIMIT_AS, RLIMIT_DATA})
    CHECK(in_a_child([&] {
            const rlimit tiny{4096, 4096};
            setrlimit(resource, &tiny);
            return allowed_memory() == 0 ? 0 : 1;
          }) == 0);
  CHECK(bytes_in_words(1500) == "1.5 kB");
  CHECK(bytes_in_words(2.5e9) == "2.5 GB");
}

TEST_CASE("work goes on where no thread can be started", "[core]") {
  // Room for a few stacks of eight megabytes, not for two hundred.
  CHECK(in_a_child([] {
          std::size_t pages = 0;
          if (std::FILE* file = std::fopen("/proc/self/statm", "r")) {
            if (std::fscanf(file, "%zu", &pages) != 1) return 98;
            std::fclose(file);
          }
          const auto most =
              static_cast<rlim_t>(pages) * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) + 50000000;
          const rlimit low{most, most};
          setrlimit(RLIMIT_AS, &low);
          std::atomic<int> calls = 0;
          parallel_for(1000, 200, [&](std::size_t) { ++calls; });
          return calls == 1000 ? 0 : 1;
        }) == 0);
}
