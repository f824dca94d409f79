// SPDX-License-Identifier: Apache-2.0
// `alignproof show` as a user meets it.
#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>

#include <alignproof/sweeps/store.hpp>

#include "cli/short_sweeps.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;
using Catch::Matchers::Contains;

namespace {

std::size_t width_of_terminal(const std::string& line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

}  // namespace

TEST_CASE("show draws what a store holds", "[cli][show]") {
  const TemporaryFolder scratch;
  table_of(scratch, with_configuration(scratch), "runs");
  const auto path = [&](const std::string& name) { return (scratch.path() / name).string(); };
  const auto shown =
      run_program("show " + path("runs.sqlite") + " --out " + path("out"), scratch.path());
  INFO(shown.err);
  CHECK(shown.exit_code == 0);
  CHECK(shown.err.empty());
  CHECK_THAT(shown.out, Contains("short: short, scale full, 48 runs") &&
                            Contains("relu        30  FA") && !Contains("missing") &&
                            Contains("\n  " + path("out") + "/short-alignment.svg\n"));
  std::istringstream lines(shown.out.substr(0, shown.out.find("Written:")));
  for (std::string line; std::getline(lines, line);) CHECK(width_of_terminal(line) <= 80);
  // The figures are those of the report.
  const auto verified =
      run_program("verify --claims KF --sweeps " + path("runs.sqlite") + " --out " + path("report"),
                  scratch.path());
  CHECK(verified.exit_code == 0);
  for (const char* name : {"short-width.svg", "short-loss.svg", "short-alignment.svg"})
    CHECK(read_file(path("out") + "/" + name) == read_file(path("report") + "/" + name));
  const std::string page = read_file(path("out") + "/simulations.html");
  CHECK_THAT(page, Contains("48 of 48 runs; alignproof ") && Contains("<svg"));
  const auto printed = run_program(
      "show " + path("runs.sqlite") + " --format html --out " + path("out"), scratch.path());
  CHECK(printed.out == page);
  // The store is only read, and can be shown again.
  CHECK(table_of(scratch, with_configuration(scratch), "runs") == read_file(path("runs.csv")));
}

TEST_CASE("show says what an unfinished store lacks and shows the rest", "[cli][show]") {
  const TemporaryFolder scratch;
  const std::string configuration = with_configuration(scratch, few_runs);
  const auto path = [&](const std::string& name) { return (scratch.path() / name).string(); };
  REQUIRE(run_program("sweep " + configuration + " --shard 1/3 --store " + path("part.sqlite"),
                      scratch.path())
              .exit_code == 0);
  const auto shown =
      run_program("show " + path("part.sqlite") + " --out " + path("out"), scratch.path());
  INFO(shown.err);
  CHECK(shown.exit_code == 0);
  CHECK_THAT(shown.out, Contains("few: few, scale full, 2 runs") &&
                            Contains("4 of 6 runs are missing: what is there is shown."));
  CHECK_THAT(read_file(path("out") + "/simulations.html"),
             Contains("4 of 6 runs are missing") && Contains("2 of 6 runs; "));
}

TEST_CASE("show puts several stores on one page, each of a name of its own", "[cli][show]") {
  const TemporaryFolder scratch;
  const auto path = [&](const std::string& name) { return (scratch.path() / name).string(); };
  table_of(scratch, with_configuration(scratch, few_runs), "a");
  std::string other = few_runs;
  other.replace(other.find("\"few\""), 5, "\"other\"");
  table_of(scratch, with_configuration(scratch, other.c_str()), "b");
  for (const std::string between : {" ", ","}) {
    const auto shown = run_program(
        "show " + path("b.sqlite") + between + path("a.sqlite") + " --out " + path("out"),
        scratch.path());
    INFO(shown.err);
    CHECK(shown.exit_code == 0);
    CHECK(shown.out.find("other: other") < shown.out.find("few: few"));
    for (const char* name : {"few-width.svg", "other-width.svg", "simulations.html"})
      CHECK(std::filesystem::exists(path("out") + "/" + name));
  }
}

TEST_CASE("show refuses bad input in one line and writes nothing", "[cli][show]") {
  const TemporaryFolder scratch;
  const auto path = [&](const std::string& name) { return (scratch.path() / name).string(); };
  const std::string configuration = with_configuration(scratch, few_runs);
  table_of(scratch, configuration, "few");
  std::filesystem::copy(path("few.sqlite"), path("copy.sqlite"));
  write_file(path("text.sqlite"),
             "not a store, but long enough to be read as the head of one, or so");
  write_file(path("empty.sqlite"), "");
  const std::string bytes = read_file(path("few.sqlite"));
  write_file(path("half.sqlite"), bytes.substr(0, bytes.size() / 2));
  REQUIRE(std::system(("ln -s few.sqlite " + path("link.sqlite")).c_str()) == 0);
  std::filesystem::create_directories(path("taken/simulations.html"));
  std::filesystem::create_directories(path("over"));
  std::filesystem::copy(path("few.sqlite"), path("over/few-width.svg"));
  const std::string few = path("few.sqlite");
  const auto refused = [&](const std::string& arguments, const std::string& why) {
    const auto ended = run_program("show " + arguments, scratch.path());
    INFO(arguments << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK_THAT(ended.err, Contains(why));
    CHECK_FALSE(std::filesystem::exists(path("out")));
  };
  const std::string out = " --out " + path("out");
  refused("", "STORE is missing");
  refused("''" + out, "the file of a store");
  refused(path("nowhere.sqlite") + out, "nowhere.sqlite");
  refused(scratch.path().string() + out, "the plain file of a store");
  refused(path("text.sqlite") + out, "undamaged");
  refused(path("half.sqlite") + out, "undamaged");
  refused(path("empty.sqlite") + out, "a store that a sweep has made");
  refused(few + " " + few + out, "each file once");
  refused(few + " " + path("link.sqlite") + out, "each file once");
  refused(few + " " + path("copy.sqlite") + out, "one store of the name few");
  refused(few + " --out " + configuration, "output folder = ");
  refused(few + " --out -", "several files are written");
  refused(few + " --format svg" + out, "--format = 'svg' is not accepted: give text or html");
  refused(few + " --out " + path("taken"), "simulations.html");
  refused(path("over/few-width.svg") + " --out " + path("over"), "which is read");
  CHECK(read_file(path("few.sqlite")) == bytes);
  CHECK(read_file(path("over/few-width.svg")) == bytes);
  // A store that was begun and has no run.
  const Sweep sweep = read_sweep(few_runs, "full");
  { const RunStore begun(path("begun.sqlite"), sweep, engine(sweep)); }
  refused(path("begun.sqlite") + out, "a run is done");
  const auto help = run_program("show --help", scratch.path());
  CHECK_THAT(help.out, Contains("Examples:\n  alignproof show tanh.sqlite"));
}
