// SPDX-License-Identifier: Apache-2.0
// Limits of memory, files, processors, stack and time: one line and exit code 2, nothing
// half-written, no hang.
#include <algorithm>
#include <filesystem>
#include <string>

#include <alignproof/dynamics/fused.hpp>
#include <alignproof/format/files.hpp>

#include "cli/short_sweeps.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;

namespace {

/// AddressSanitizer reserves more than any limit of ulimit -v.
#if defined(__SANITIZE_ADDRESS__)
constexpr bool memory_can_be_limited = false;
#else
constexpr bool memory_can_be_limited = true;
#endif

/// Runs it in a shell in which `before` stands first; a hang becomes exit code 124.
Ended under(const std::string& before, const std::string& arguments,
            const std::filesystem::path& scratch) {
  const std::filesystem::path out = scratch / "stdout.txt", err = scratch / "stderr.txt";
  const std::string command = "bash -c '" + before + " exec timeout 60 " + ALIGNPROOF_PROGRAM +
                              " " + arguments + "' > " + out.string() + " 2> " + err.string();
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(err)};
}

void check_refused(const Ended& ended, const std::string& words) {
  INFO(ended.out << ended.err);
  CHECK(ended.exit_code == 2);
  CHECK(ended.out.empty());
  CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  CHECK_THAT(ended.err, Catch::Contains(words));
}

std::size_t files_in(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder),
                                                std::filesystem::directory_iterator()));
}

}  // namespace

TEST_CASE("commands that multiply no large matrices need little memory and end", "[cli]") {
  if (!memory_can_be_limited) return;
  const TemporaryFolder scratch;
  for (const char* arguments :
       {"--version", "--help", "explain T1", "simulate --width 10 --steps 2", "kernel --n 2 --d 3",
        "law --n 2 --d 3 --points 2"}) {
    INFO(arguments);
    CHECK(under("ulimit -v 200000;", arguments, scratch.path()).exit_code == 0);
  }
}

TEST_CASE("numbers that outgrow the memory end with one line", "[cli]") {
  if (!memory_can_be_limited) return;
  const TemporaryFolder scratch;
  const std::string folder = (scratch.path() / "made").string();
  std::filesystem::create_directory(folder);
  const std::string out = " --out " + folder + "/trace.csv";
  for (const char* arguments :
       {"simulate --number mpfr --digits 10000 --width 3000 --n 2 --d 4 --steps 1",
        "simulate --number ball --form reduced --digits 10000 --activation identity --n 60 --d 60 "
        "--steps 1"}) {
    INFO(arguments);
    check_refused(under("ulimit -v 100000;", arguments + out, scratch.path()),
                  "digits of the numbers do not fit in memory");
  }
  CHECK(files_in(folder) == 0);
}

TEST_CASE("memory that can be foreseen is asked for before any work", "[cli]") {
  if (!memory_can_be_limited) return;
  const TemporaryFolder scratch;
  // Whatever the machine has.
  const std::string limits = "ulimit -v 1000000; cd " + scratch.path().string() + ";";
  for (const char* arguments :
       {"simulate --width 1000000000 --n 1000 --steps 1",
        "simulate --width 10 --steps 1000000000000000",
        "simulate --form reduced --weights wishart --activation identity --steps 1000000000000000",
        "simulate --number mpfr --digits 10000 --width 100000000 --n 2 --d 2",
        "simulate --number exact --activation identity --n 2 --d 2 --width 3 --steps 40",
        "certify --width 100000000000 --out c",
        "law --n 2 --d 3 --seeds 100000 --points 100000 --widths 10,20"}) {
    INFO(arguments);
    check_refused(under(limits, arguments, scratch.path()), "are left here");
  }
  const std::string configuration = with_configuration(scratch);
  check_refused(
      under(limits,
            "sweep " + configuration + " --set width=10000000 --set n=10000 --store s.sqlite",
            scratch.path()),
      "the largest run");
  CHECK_FALSE(std::filesystem::exists(scratch.path() / "s.sqlite"));
}

TEST_CASE("limits of files, time and stack end with one line", "[cli]") {
  const TemporaryFolder scratch;
  const std::filesystem::path folder = scratch.path() / "made";
  std::filesystem::create_directory(folder);
  const std::string out = " --out " + (folder / "trace.csv").string();
  check_refused(under("ulimit -f 1;", "simulate --width 10 --steps 500" + out, scratch.path()),
                "trace.csv");
  check_refused(
      under("ulimit -t 1;", "simulate --width 20000 --n 50 --steps 100000" + out, scratch.path()),
      "ulimit -t");
  check_refused(under("ulimit -s 256;", "simulate --width 10 --steps 2" + out, scratch.path()),
                "stack (ulimit -s) = 256");
  CHECK(files_in(folder) == 0);
  CHECK(under("ulimit -s 512;", "simulate --width 300 --n 100 --d 100 --steps 3" + out,
              scratch.path())
            .exit_code == 0);
}

TEST_CASE("an end without unwinding leaves no empty folder of results", "[cli]") {
  const TemporaryFolder scratch;
  const auto outer = scratch.path() / "outer";
  const std::string work = "verify --profile full --claims T1w --jobs 1 --out ";
  check_refused(under("ulimit -t 1;", work + (outer / "inner").string(), scratch.path()),
                "(ulimit -t)");
  CHECK_FALSE(std::filesystem::exists(outer));
  // A folder that was there stays, and so does one with something in it.
  std::filesystem::create_directory(outer);
  check_refused(under("ulimit -t 1;", work + outer.string(), scratch.path()), "(ulimit -t)");
  CHECK(std::filesystem::exists(outer));
}

TEST_CASE("processors: those of the mask, and --jobs everywhere", "[cli]") {
  const TemporaryFolder scratch;
  const auto ended = under(
      "cpu=$(taskset -pc $$ | sed \"s/.*: *//; s/[-,].*//\"); taskset -pc $cpu $$ > /dev/null;",
      "doctor", scratch.path());
  CHECK(ended.exit_code == 0);
  CHECK_THAT(ended.out, Catch::Contains("processors              1 of"));
  for (const char* command :
       {"kernel", "law", "verify", "reproduce --reference none", "sweep rules"}) {
    INFO(command);
    check_refused(run_program(std::string(command) + " --jobs 0", scratch.path()), "jobs = 0");
    check_refused(run_program(std::string(command) + " --jobs 4097", scratch.path()), "1 to 4096");
  }
  CHECK(run_program("kernel --n 3 --d 4 --jobs 1", scratch.path()).exit_code == 0);
}

TEST_CASE("machines of one sweep agree on their instructions", "[cli][sweep]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs),
                    sweep = "sweep " + configuration + " --store ";
  const auto path = [&](const char* name) { return (scratch.path() / name).string(); };
  check_refused(run_program(sweep + path("x") + " --instructions sse9", scratch.path()), "'sse9'");
  const auto run = [&](const char* name, const std::string& more) {
    const auto ended = run_program(sweep + path(name) + " " + more, scratch.path());
    INFO(ended.err);
    CHECK(ended.exit_code == 0);
  };
  run("1", "--shard 1/2 --instructions portable");
  run("2", "--shard 2/2 --instructions portable");
  CHECK(run_program("merge " + path("all") + " " + path("1") + " " + path("2"), scratch.path())
            .exit_code == 0);
  CHECK_THAT(read_file(path("all")), Catch::Contains(", portable"));
  if (available_instructions().size() == 1) return;
  run("3", "--shard 2/2 --instructions avx2");
  CHECK_THAT(read_file(path("3")), Catch::Contains(", avx2+fma"));
  check_refused(
      run_program("merge " + path("both") + " " + path("1") + " " + path("3"), scratch.path()),
      "--instructions");
  check_refused(run_program(sweep + path("1") + " --instructions avx2", scratch.path()),
                "--instructions");
}

TEST_CASE("chosen instructions are those of every later run", "[dynamics]") {
  CHECK(instructions_from("portable") == Instructions::portable);
  for (const Instructions each : available_instructions())
    CHECK(instructions_from(to_string(each)) == each);
  CHECK_THROWS_WITH(instructions_from("avx"),
                    Catch::Contains("'avx'") && Catch::Contains("portable"));
  CHECK_FALSE(chosen_instructions());
  CHECK(fused_instructions() == available_instructions().back());
}
