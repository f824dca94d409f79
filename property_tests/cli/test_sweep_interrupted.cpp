// SPDX-License-Identifier: Apache-2.0
// Sweeps that are interrupted: killed at any moment, in any call that changes a file, without room
// on their disk, or beside another sweep. Nothing is lost.
#include <cmath>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/short_sweeps.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

/// Starts a sweep and kills it after so many microseconds. Whether it had ended by itself.
bool ended_before(const std::string& configuration, const std::string& store, unsigned moment) {
  const pid_t child = fork();
  if (child == 0) {
    be_silent();
    execl(ALIGNPROOF_PROGRAM, ALIGNPROOF_PROGRAM, "sweep", configuration.c_str(), "--store",
          store.c_str(), "--jobs", "2", static_cast<char*>(nullptr));
    _exit(127);
  }
  usleep(moment);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Runs the sweep with a fault (faults/failing_disk.cpp). Its exit code, or minus the signal that
/// ended it.
int with_fault(const std::string& fault, const std::string& configuration, const std::string& store,
               const std::filesystem::path& err, const std::filesystem::path& count = {},
               const std::string& reuse = "") {
  const pid_t child = fork();
  if (child == 0) {
    be_silent();
    dup2(open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDERR_FILENO);
    setenv("LD_PRELOAD", ALIGNPROOF_FAILING_DISK, 1);
    setenv("ALIGNPROOF_FAULT", fault.c_str(), 1);
    if (!count.empty()) setenv("ALIGNPROOF_FAULT_COUNT", count.c_str(), 1);
    const char* end = nullptr;
    execl(ALIGNPROOF_PROGRAM, ALIGNPROOF_PROGRAM, "sweep", configuration.c_str(), "--store",
          store.c_str(), "--jobs", "1", reuse.empty() ? end : "--reuse", reuse.c_str(), end);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

TEST_CASE("a sweep killed at a hundred moments has the table of an undisturbed one",
          "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch);
  const std::string undisturbed = table_of(scratch, configuration, "undisturbed");
  int kills = 0, interrupted = 0;
  for (int sweep = 0; kills < 100; ++sweep) {
    const std::string name = "killed-" + std::to_string(sweep);
    const std::string store = (scratch.path() / (name + ".sqlite")).string();
    const int before = kills;
    // From before the store is opened to well within the runs.
    while (
        !ended_before(configuration, store,
                      5000 + static_cast<unsigned>(60000 * std::fmod(0.6180339887 * ++kills, 1)))) {
    }
    if (--kills > before) ++interrupted;
    REQUIRE(read_file(scratch.path() / (name + ".csv")) == undisturbed);
  }
  CHECK(interrupted > 0);
}

TEST_CASE("two sweeps cannot have one store, and the first goes on", "[cli][sweep]") {
  const TemporaryFolder scratch;
  std::string longer = short_runs;
  longer.replace(longer.find("steps = 400"), 11, "steps = 400000");
  const std::string configuration = with_configuration(scratch, longer.c_str());
  const std::string store = (scratch.path() / "shared.sqlite").string();
  const pid_t first = fork();
  if (first == 0) {
    be_silent();
    execl(ALIGNPROOF_PROGRAM, ALIGNPROOF_PROGRAM, "sweep", configuration.c_str(), "--store",
          store.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  // Until it has made its store, and some time longer.
  while (!std::filesystem::exists(store) || std::filesystem::file_size(store) == 0) usleep(1000);
  usleep(300000);
  kill(first, SIGSTOP);  // it holds the store whether or not it is writing just now
  const auto second = run_program("sweep " + configuration + " --store " + store, scratch.path());
  kill(first, SIGCONT);
  CHECK(second.exit_code == 2);
  CHECK_THAT(second.err, Catch::Contains("no other program has open"));
  CHECK(waitpid(first, nullptr, WNOHANG) == 0);
  kill(first, SIGKILL);
  waitpid(first, nullptr, 0);
}

TEST_CASE("a sweep killed in any call that changes a file loses nothing", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs);
  const std::string undisturbed = table_of(scratch, configuration, "undisturbed"),
                    traces = read_file(scratch.path() / "undisturbed-traces.csv");
  const auto path = [&](const std::string& name) { return (scratch.path() / name).string(); };
  REQUIRE(with_fault("none", configuration, path("counted.sqlite"), path("err"), path("count")) ==
          0);
  const int calls = std::stoi(read_file(path("count")));
  CHECK(calls > 30);  // the grid and six commits, each of several calls
  for (const char* kind : {"kill", "torn", "full"})
    for (int call = 1; call <= calls; ++call) {
      const std::string fault = kind + (" " + std::to_string(call)), name = "spoilt";
      INFO(fault);
      for (const char* end : {".sqlite", ".sqlite-journal", ".csv", "-traces.csv"})
        std::filesystem::remove(path(name + end));
      const int ended = with_fault(fault, configuration, path(name + ".sqlite"), path("err"));
      if (kind == std::string("full")) {
        // Where nothing more is written, only synced or deleted, it may well end.
        CHECK((ended == 2 || (ended == 0 && call > calls - 3)));
        const std::string err = read_file(path("err"));
        INFO(err);
        const std::size_t said = err.find("alignproof: ");
        CHECK((ended == 0 || (said != std::string::npos && said == err.rfind("alignproof: ") &&
                              err.size() - said < 400)));
      } else {
        CHECK(ended == -SIGKILL);
      }
      REQUIRE(table_of(scratch, configuration, name) == undisturbed);
      REQUIRE(read_file(path(name + "-traces.csv")) == traces);
    }
}

TEST_CASE("runs of other stores are taken over, all or none of them", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs);
  const auto path = [&](const std::string& name) { return (scratch.path() / name).string(); };
  table_of(scratch, configuration, "few");
  const std::string few = read_file(path("few.sqlite"));
  // A larger grid in another order of places.
  std::string larger = few_runs;
  larger.replace(larger.find("width = [5, 8]"), 14, "width = [3, 8, 5]");
  larger.replace(larger.find("seeds = 3"), 9, "seeds = 4");
  write_file(configuration, larger);
  const std::string anew = table_of(scratch, configuration, "anew");
  SECTION("in one go") {
    const auto ended = run_program("sweep " + configuration + " --store " + path("more.sqlite") +
                                       " --reuse " + path("few.sqlite"),
                                   scratch.path());
    CHECK(ended.exit_code == 0);
    CHECK_THAT(ended.err, Catch::Contains("6 runs taken over"));
    CHECK(read_file(path("more.csv")) == anew);
    CHECK(read_file(path("few.sqlite")) == few);
    // They are there now; and a smaller grid takes but its own.
    const auto again = run_program("sweep " + configuration + " --store " + path("more.sqlite") +
                                       " --reuse " + path("few.sqlite"),
                                   scratch.path());
    CHECK_THAT(again.err, Catch::Contains("0 runs taken over"));
    const auto less = run_program(
        "sweep " + configuration + " --set 'width = 5' --seeds 2 --store " + path("less.sqlite") +
            " --reuse " + path("more.sqlite") + "," + path("few.sqlite"),
        scratch.path());
    CHECK(less.exit_code == 0);
    CHECK_THAT(less.err, Catch::Contains("2 runs taken over from " + path("more.sqlite")) &&
                             Catch::Contains("0 runs taken over from " + path("few.sqlite")));
  }
  SECTION("killed or without room in every call that changes a file") {
    REQUIRE(with_fault("none", configuration, path("counted.sqlite"), path("err"), path("count"),
                       path("few.sqlite")) == 0);
    const int calls = std::stoi(read_file(path("count")));
    CHECK(calls > 30);
    for (const char* kind : {"torn", "full"})
      for (int call = 1; call <= calls; ++call) {
        const std::string fault = kind + (" " + std::to_string(call));
        INFO(fault);
        for (const char* end : {".sqlite", ".sqlite-journal", ".csv", "-traces.csv"})
          std::filesystem::remove(path(std::string("spoilt") + end));
        const int ended = with_fault(fault, configuration, path("spoilt.sqlite"), path("err"), {},
                                     path("few.sqlite"));
        if (kind == std::string("torn"))
          CHECK(ended == -SIGKILL);
        else
          CHECK((ended == 2 || (ended == 0 && call > calls - 3)));
        REQUIRE(table_of(scratch, configuration, "spoilt", "--reuse " + path("few.sqlite")) ==
                anew);
        REQUIRE(read_file(path("few.sqlite")) == few);
      }
  }
  SECTION("not from itself, nor from what is no store") {
    const auto refused = [&](const std::string& command, const std::string& why) {
      const auto ended = run_program(command, scratch.path());
      CHECK(ended.exit_code == 2);
      CHECK_THAT(ended.err, Catch::Contains(why));
      CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    };
    const std::string sweep = "sweep " + configuration + " --store ";
    refused(sweep + path("anew.sqlite") + " --reuse " + path("anew.sqlite"), "files other than");
    refused("merge " + path("few.sqlite") + " " + path("few.sqlite"), "files other than");
    refused(sweep + path("new.sqlite") + " --reuse " + path("few.csv"), "undamaged");
    refused(sweep + path("new.sqlite") + " --reuse " + path("none.sqlite"), "a file that exists");
    // Of another engine: what was begun for its runs is gone, what was there before is not.
    std::string foreign = few;
    const std::size_t at = foreign.find(", results ");
    REQUIRE(at != std::string::npos);
    foreign[at + 10] = 'x';
    write_file(path("foreign.sqlite"), foreign);
    refused(sweep + path("new.sqlite") + " --reuse " + path("few.sqlite") + "," +
                path("foreign.sqlite"),
            "engine of " + path("foreign.sqlite"));
    CHECK_FALSE(std::filesystem::exists(path("new.sqlite")));
    refused("merge " + path("new.sqlite") + " " + path("few.sqlite") + " " + path("foreign.sqlite"),
            "engine of " + path("foreign.sqlite"));
    CHECK_FALSE(std::filesystem::exists(path("new.sqlite")));
    const std::string before = read_file(path("anew.sqlite"));
    refused(sweep + path("anew.sqlite") + " --reuse " + path("foreign.sqlite"), "engine of ");
    CHECK(read_file(path("anew.sqlite")) == before);
    CHECK(read_file(path("few.sqlite")) == few);
  }
}

TEST_CASE("a full disk loses nothing", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch);
  const std::string undisturbed = table_of(scratch, configuration, "undisturbed");
  const std::string store = (scratch.path() / "full.sqlite").string();
  // Files of at most 40 blocks of 1 kB: the grid fits, its results do not.
  const std::string command = "bash -c 'ulimit -f 40; " ALIGNPROOF_PROGRAM " sweep " +
                              configuration + " --store " + store + "' > /dev/null 2> " +
                              (scratch.path() / "err").string();
  const int status = std::system(command.c_str());
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 2);
  CHECK_THAT(read_file(scratch.path() / "err"), Catch::Contains("room on its disk"));
  CHECK(table_of(scratch, configuration, "full") == undisturbed);
}
