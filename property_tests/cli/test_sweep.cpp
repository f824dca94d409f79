// SPDX-License-Identifier: Apache-2.0
// Sweeps as a user meets them: interrupted, shared, damaged, and always with the same table.
#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <string>

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <alignproof/network/idx.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::run_program;
using test::TemporaryFolder;

namespace {

/// 48 short runs of every kind.
constexpr const char* short_runs = R"(
name = "short"
[run]
activation = ["relu", "tanh", "sigmoid"]
targets = "network"
rule = ["fa", "bp"]
number = "float"
n = 4
d = 6
width = [30, 50]
step = 0.05
reg = [0, 0.1]
steps = 400
every = 100
seeds = 2
)";

/// Six runs: few calls that change a file, so that each of them can fail once.
constexpr const char* few_runs = R"(
name = "few"
[run]
activation = "relu"
n = 2
d = 3
width = [5, 8]
step = 0.05
steps = 20
every = 10
seeds = 3
)";

std::string with_configuration(const TemporaryFolder& scratch, const char* text = short_runs) {
  const std::string file = (scratch.path() / "short.toml").string();
  write_file(file, text);
  return file;
}

std::string table_of(const TemporaryFolder& scratch, const std::string& configuration,
                     const std::string& name, const std::string& more = "") {
  const std::string store = (scratch.path() / (name + ".sqlite")).string();
  const auto ended =
      run_program("sweep " + configuration + " --store " + store + " " + more, scratch.path());
  INFO(ended.err);
  REQUIRE(ended.exit_code == 0);
  return read_file(scratch.path() / (name + ".csv"));
}

/// In a child process, before it becomes another program.
void be_silent() {
  const int nowhere = open("/dev/null", O_WRONLY);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
}

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

TEST_CASE("a sweep's table does not depend on threads and parts", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch);
  const std::string whole = table_of(scratch, configuration, "whole", "--jobs 1");
  CHECK(std::count(whole.begin(), whole.end(), '\n') == 49);
  CHECK(table_of(scratch, configuration, "threads", "--jobs 3") == whole);
  std::string parts;
  for (int i = 1; i <= 3; ++i) {
    const std::string part = (scratch.path() / ("part" + std::to_string(i) + ".sqlite")).string();
    const auto ended = run_program(
        "sweep " + configuration + " --shard " + std::to_string(i) + "/3 --store " + part,
        scratch.path());
    CHECK(ended.exit_code == 0);
    CHECK_THAT(ended.out, Catch::Contains("16 of 48 runs done"));
    if (i > 1) parts += " " + part;
  }
  const std::string all = (scratch.path() / "all.sqlite").string();
  const auto incomplete = run_program("merge " + all + parts, scratch.path());
  CHECK(incomplete.exit_code == 3);
  CHECK_THAT(incomplete.out, Catch::Contains("16 of 48 runs are missing"));
  const auto merged = run_program("merge " + all + " " + (scratch.path() / "part1.sqlite").string(),
                                  scratch.path());
  CHECK(merged.exit_code == 0);
  CHECK(read_file(scratch.path() / "all.csv") == whole);
}

TEST_CASE("a sweep refuses a store that is not its own, and changes nothing in it",
          "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch);
  table_of(scratch, configuration, "mine");
  const std::filesystem::path store = scratch.path() / "mine.sqlite";
  const std::string begun = read_file(store);
  const auto refused = [&](const std::string& why) {
    const std::string bytes = read_file(store);
    const auto ended =
        run_program("sweep " + configuration + " --store " + store.string(), scratch.path());
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains(why));
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK(read_file(store) == bytes);
  };
  SECTION("another configuration") {
    std::string other = short_runs;
    other.replace(other.find("0.05"), 4, "0.06");
    write_file(configuration, other);
    refused("configuration = ");
  }
  SECTION("fewer runs") {
    std::string other = short_runs;
    other.replace(other.find("seeds = 2"), 9, "seeds = 1");
    write_file(configuration, other);
    refused("configuration = ");
  }
  SECTION("a result that was altered") {
    std::string altered = begun;
    const std::size_t at = altered.find("{\"end\":[400,0.");
    REQUIRE(at != std::string::npos);
    altered[at + 14] = altered[at + 14] == '1' ? '2' : '1';
    write_file(store, altered);
    refused("altered");
  }
  SECTION("pages lost") {
    write_file(store, begun.substr(0, begun.size() / 2));
    refused("undamaged");
  }
  SECTION("something else") {
    write_file(store, "not a store, but long enough to be read as the head of one, or so it seems");
    refused("undamaged");
  }
}

TEST_CASE("a store is not written over by its table", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs);
  const auto path = [&](const std::string& name) { return (scratch.path() / name).string(); };
  CHECK(run_program("sweep " + configuration + " --store " + path("runs.csv"), scratch.path())
            .exit_code == 0);
  CHECK(std::filesystem::exists(path("runs.csv.csv")));
  CHECK(run_program("sweep " + configuration + " --store " + path("runs-0.7"), scratch.path())
            .exit_code == 0);
  CHECK(std::filesystem::exists(path("runs-0.7.csv")));
  const std::string bytes = read_file(path("runs.csv"));
  std::filesystem::create_symlink(path("runs.csv"), path("runs.sqlite"));
  for (const std::string& command : {"sweep " + configuration + " --store " + path("runs.sqlite"),
                                     "merge " + path("runs.sqlite") + " " + path("runs-0.7")}) {
    const auto ended = run_program(command, scratch.path());
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains("its table is written there"));
    CHECK(read_file(path("runs.csv")) == bytes);
  }
}

TEST_CASE("verify shows one store of a name", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs);
  table_of(scratch, configuration, "a");
  const std::string store = (scratch.path() / "a.sqlite").string();
  const auto twice = run_program("verify --claims KF --sweeps " + store + "," + store + " --out " +
                                     (scratch.path() / "report").string(),
                                 scratch.path());
  CHECK(twice.exit_code == 2);
  CHECK_THAT(twice.err, Catch::Contains("one store of the name few"));
}

TEST_CASE("names that SQLite reads otherwise are files", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs);
  const auto ended = run_program("sweep " + configuration + " --store :memory:", scratch.path());
  const std::filesystem::path here = std::filesystem::current_path();
  CHECK(ended.exit_code == 0);
  CHECK(std::filesystem::exists(here / ":memory:"));
  std::filesystem::remove(here / ":memory:");
  std::filesystem::remove(here / ":memory:.csv");
  std::filesystem::remove(here / ":memory:-traces.csv");
}

TEST_CASE("a sweep does not need its standard error", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs);
  const std::string command = ALIGNPROOF_PROGRAM " sweep " + configuration + " --store " +
                              (scratch.path() / "deaf.sqlite").string();
  CHECK(WEXITSTATUS(std::system((command + " > /dev/null 2> /dev/full").c_str())) == 0);
  CHECK(WEXITSTATUS(std::system((command + "x > /dev/full 2> /dev/full").c_str())) == 2);
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

namespace {

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
    const auto less = run_program("sweep " + configuration + " --set 'width = 5' --seeds 2 --store " +
                                      path("less.sqlite") + " --reuse " + path("more.sqlite") + "," +
                                      path("few.sqlite"),
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
        REQUIRE(table_of(scratch, configuration, "spoilt", "--reuse " + path("few.sqlite")) == anew);
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
    CHECK_FALSE(std::filesystem::exists(path("new.sqlite")));
    CHECK(read_file(path("few.sqlite")) == few);
  }
}

TEST_CASE("settings replace values of the configuration and of its scale", "[cli][sweep]") {
  const TemporaryFolder scratch;
  std::string text = few_runs;
  const std::string plain =
      table_of(scratch, with_configuration(scratch, text.c_str()), "plain", "--scale smoke");
  text += "[scale.smoke]\nwidth = 4\nrule = \"bp\"\n";
  const std::string configuration = with_configuration(scratch, text.c_str());
  CHECK(table_of(scratch, configuration, "smoke", "--scale smoke") != plain);
  CHECK(table_of(scratch, configuration, "set",
                 "--scale smoke --set 'width = [5, 8]' --set 'rule=\"fa\"'") == plain);
  for (const auto& [setting, why] : {std::array{"wdth = 5", "'wdth'"},
                                     std::array{"width = ", "setting 'width = '"},
                                     std::array{"width = -5", "width = -5"},
                                     std::array{"run.width = 5", "'run'"}}) {
    const auto ended = run_program("sweep " + configuration + " --store " +
                                       (scratch.path() / "no.sqlite").string() + " --set '" +
                                       setting + "'",
                                   scratch.path());
    INFO(ended.err);
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains(why) && Catch::Contains("is not accepted"));
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
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

TEST_CASE("bad configurations are refused in one line", "[cli][sweep]") {
  const TemporaryFolder scratch;
  for (const auto& [was, becomes, why] :
       {std::array{"\"relu\"", "\"gelu\"", "activation = gelu"},
        std::array{"step = 0.05", "step = -1", "step = -1"},
        std::array{"step = 0.05", "step = 1e308", "step = 1e+308"},
        std::array{"name = \"short\"", "name = \"short\"\ntitle = \"in $\"", "title = 'in $'"},
        std::array{"targets = \"network\"", "targets = \"zero\"", "targets = 'zero'"},
        std::array{"steps = 400", "steps = \"often\"", "steps = "},
        std::array{"seeds = 2", "seeds = 0", "seeds = 0"},
        std::array{"every = 100", "evry = 100", "'evry'"},
        std::array{"reg = [0, 0.1]", "reg = [0, 0]", "each value once"},
        std::array{"reg = [0, 0.1]", "reg = []", "at least one value"},
        std::array{"reg = [0, 0.1]", "form = \"reduced\"", "form = 'reduced'"},
        std::array{"reg = [0, 0.1]", "dropout = 1", "dropout = 1"},
        std::array{"reg = [0, 0.1]", "schedule = \"later\"", "schedule = 'later'"},
        std::array{"number = \"float\"", "number = \"mpfr 50\"", "form = \"kernel\" has it"},
        std::array{"number = \"float\"", "number = \"mpfr 5\"", "number = 'mpfr 5'"},
        std::array{"n = 4", "inputs = \"repeated\"\nn = 1", "inputs = 'repeated'"},
        std::array{"reg = [0, 0.1]", "experiment = \"magic\"", "experiment = 'magic'"},
        std::array{"reg = [0, 0.1]", "epochs = 3", "'epochs'"},
        std::array{"[run]", "[run", "in line 3"},
        std::array{"[run]", "scale = 3\n[run]", "scale = 3"},
        std::array{"\"short\"", "\"../up\"", "name = "}}) {
    std::string text = short_runs;
    text.replace(text.find(was), std::string(was).size(), becomes);
    const std::string configuration = with_configuration(scratch, text.c_str());
    const auto ended = run_program("sweep " + configuration, scratch.path());
    INFO(becomes << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains(why) && Catch::Contains("is not accepted"));
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  }
}

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
  const std::string command = std::string(with_ranks) + "sweep nonsense 2> " +
                              (scratch.path() / "err").string() + " > /dev/null";
  const int status = std::system(command.c_str());
  const std::string said = read_file(scratch.path() / "err");
  INFO(said);
  CHECK(WEXITSTATUS(status) == 2);
  const std::string line = "alignproof: configuration = 'nonsense' is not accepted";
  REQUIRE(said.find(line) != std::string::npos);
  CHECK(said.find(line, said.find(line) + 1) == std::string::npos);
}

#endif

TEST_CASE("every ready configuration runs at its smallest scale", "[cli][sweep]") {
  const TemporaryFolder scratch;
  int configurations = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(ALIGNPROOF_SOURCE_DIR "/proofs_numeric/simulations")) {
    if (entry.path().extension() != ".toml") continue;
    ++configurations;
    if (entry.path().stem().string().starts_with("images") && !fashion_mnist_folder()) continue;
    const std::string table =
        table_of(scratch, entry.path().string(), entry.path().stem().string(), "--scale smoke");
    CHECK(table.find("nan") == std::string::npos);
  }
  CHECK(configurations == 10);
}
