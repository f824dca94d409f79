// SPDX-License-Identifier: Apache-2.0
// Sweeps on several MPI ranks, any of which may be killed.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/short_sweeps.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

#if defined(ALIGNPROOF_MPIRUN)

namespace {

/// A test may run as root, with more ranks than processors.
constexpr const char* with_ranks =
    "OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 " ALIGNPROOF_MPIRUN
    " --oversubscribe -n 3 " ALIGNPROOF_PROGRAM " ";

/// Processes that `parent` started, that are this program and that still run.
std::vector<pid_t> ranks_below(pid_t parent) {
  std::vector<pid_t> ranks;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    try {
      const std::string stat = read_file(entry.path() / "stat");
      const std::size_t end = stat.rfind(')');
      pid_t above = 0;
      char state = 0;
      if (std::sscanf(stat.c_str() + end + 1, " %c %d", &state, &above) == 2 && above == parent &&
          state != 'Z' && stat.find("(alignproof)") != std::string::npos)
        ranks.push_back(std::stoi(name));
    } catch (const std::exception&) {  // it has ended meanwhile
    }
  }
  std::sort(ranks.begin(), ranks.end());
  return ranks;
}

/// Waits for a launcher one of whose ranks was killed. While ranks connect, mpirun may itself block
/// for ever over a lost one (reports/docs/limitations.md); by then no rank may be left. Whether it
/// ended well.
bool ended_well(pid_t launcher) {
  int status = 0, idle = 0;
  for (int tenths = 0; tenths < 300 && idle < 20; ++tenths) {
    if (waitpid(launcher, &status, WNOHANG) != 0) return WIFEXITED(status) && !WEXITSTATUS(status);
    idle = ranks_below(launcher).empty() ? idle + 1 : 0;
    usleep(100000);
  }
  CHECK(ranks_below(launcher).empty());
  kill(launcher, SIGKILL);
  waitpid(launcher, nullptr, 0);
  return false;
}

/// Starts a sweep on three ranks and kills the rank of this place after so many microseconds. Gives
/// whether it was killed, and whether the sweep ended well.
std::pair<bool, bool> with_rank_killed(const std::string& command, std::size_t rank,
                                       unsigned moment) {
  const pid_t launcher = fork();
  if (launcher == 0) {
    execl("/bin/sh", "sh", "-c", ("exec env " + command).c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  std::vector<pid_t> ranks;
  int status = 0;
  while (waitpid(launcher, &status, WNOHANG) == 0) {
    ranks = ranks_below(launcher);
    if (ranks.size() == 3) {
      usleep(moment);
      const bool killed = kill(ranks[rank], SIGKILL) == 0;
      return {killed, ended_well(launcher)};
    }
    usleep(2000);
  }
  return {false, WIFEXITED(status) && WEXITSTATUS(status) == 0};
}

}  // namespace

TEST_CASE("a sweep on several ranks has the table of one, whichever rank is killed",
          "[cli][sweep]") {
  const TemporaryFolder scratch;
  std::string longer = short_runs;  // about a second of work
  longer.replace(longer.find("steps = 400"), 11, "steps = 50000");
  longer.replace(longer.find("every = 100"), 11, "every = 10000");
  const std::string configuration = with_configuration(scratch, longer.c_str());
  const std::string undisturbed = table_of(scratch, configuration, "undisturbed");
  const auto command = [&](const std::string& store) {
    return with_ranks + ("sweep " + configuration + " --jobs 1 --store " + store + " > ") +
           (scratch.path() / "out").string() + " 2>&1";
  };
  unsigned killed = 0;
  for (unsigned sweep = 0; killed < 20; ++sweep) {
    const std::string name = "ranks-" + std::to_string(sweep);
    const std::string store = (scratch.path() / (name + ".sqlite")).string();
    for (bool done = false; !done && killed < 20;) {
      const auto moment = static_cast<unsigned>(400000 * std::fmod(0.6180339887 * killed, 1));
      const auto [was_killed, ended] = with_rank_killed(command(store), killed % 3, moment);
      killed += was_killed;
      done = ended;
    }
    INFO(command(store));
    REQUIRE(std::system(command(store).c_str()) == 0);
    CHECK(read_file(scratch.path() / (name + ".csv")) == undisturbed);
  }
}

TEST_CASE("ranks say once what is wrong", "[cli][sweep]") {
  const TemporaryFolder scratch;
  for (const auto& [arguments, line] :
       {std::pair{"sweep nonsense", "alignproof: configuration = 'nonsense' is not accepted"},
        std::pair{"merge all.sqlite 1.sqlite", "alignproof: mpirun = 3 processes is not accepted"},
        std::pair{"reproduce --reference x.csv",
                  "alignproof: mpirun = 3 processes is not accepted"}}) {
    const std::string command = std::string(with_ranks) + arguments + " 2> " +
                                (scratch.path() / "err").string() + " > /dev/null";
    const int status = std::system(command.c_str());
    const std::string said = read_file(scratch.path() / "err");
    INFO(said);
    CHECK(WEXITSTATUS(status) == 2);
    REQUIRE(said.find(line) != std::string::npos);
    CHECK(said.find(line, said.find(line) + 1) == std::string::npos);
  }
}

#endif
