// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fmt/format.h>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::run_program;
using test::TemporaryFolder;

namespace {

/// Cells of 20 runs about these means, a hundredth apart.
std::string runs_about(const std::string& heading, std::initializer_list<double> means) {
  std::string csv = heading + "\n";
  int width = 100;
  for (const double mean : means) {
    for (int i = 0; i < 20; ++i)
      csv += fmt::format("{},{},0.2,{}\n", width, mean + 0.01 * (i % 5 - 2),
                         heading[0] == '$' ? "non" : "identity");
    width *= 2;
  }
  return csv;
}

constexpr const char* their_heading =
    "$p$ Hidden Layer Width,Alignment,Regularization $\\lambda$,Activation";

}  // namespace

TEST_CASE("reproduce judges every cell", "[cli]") {
  const TemporaryFolder scratch;
  const auto file = [&](const char* name) { return (scratch.path() / name).string(); };
  write_file(file("theirs.csv"), runs_about(their_heading, {0.5, 0.6, 0.7}));
  const auto judged = [&](std::initializer_list<double> means, const std::string& more = "") {
    write_file(file("ours.csv"), runs_about("width,alignment,reg,activation", means));
    return run_program("reproduce --reference " + file("theirs.csv") + " --runs " +
                           file("ours.csv") + " --out " + file("out") + " " + more,
                       scratch.path());
  };
  const auto same = judged({0.51, 0.6, 0.7});
  CHECK(same.exit_code == 0);
  CHECK_THAT(same.out, Catch::Contains("3 of 3 cells agree within 0.05"));
  CHECK_THAT(read_file(file("out") + "/cells.csv"), Catch::Contains("identity,0.2,100,20,20,"));
  CHECK_THAT(read_file(file("out") + "/reproduction.svg"), Catch::Contains("reference, penalty"));
  const auto other = judged({0.51, 0.8, 0.7});
  CHECK(other.exit_code == 1);
  CHECK_THAT(other.out, Catch::Contains("2 of 3 cells agree") && Catch::Contains("1 differ"));
  const auto unclear = judged({0.5, 0.6, 0.75});
  CHECK(unclear.exit_code == 3);
  CHECK_THAT(unclear.out, Catch::Contains("1 undecided"));
  const auto missing = judged({0.5, 0.6});
  CHECK(missing.exit_code == 3);
  const auto single = run_program("reproduce --reference " + file("theirs.csv") + " --runs " +
                                      file("one.csv") + " --out " + file("out"),
                                  scratch.path());
  CHECK(single.exit_code == 2);
  write_file(file("one.csv"), "width,alignment,reg,activation\n100,0.5,0.2,identity\n");
  const auto one = run_program("reproduce --reference " + file("theirs.csv") + " --runs " +
                                   file("one.csv") + " --out " + file("out"),
                               scratch.path());
  CHECK(one.exit_code == 3);  // one run has no interval: undecided
  CHECK_THAT(one.out, Catch::Contains("0 of 3 cells") && Catch::Contains("3 undecided"));
  // Runs that never settled have no value.
  std::string unsettled = "width,alignment,reg,activation,ended\n";
  for (int i = 0; i < 20; ++i)
    unsettled += fmt::format("100,{},0.2,identity,{}\n", 0.5 + 0.01 * (i % 5 - 2),
                             i == 7 ? "unsettled" : "settled");
  write_file(file("one.csv"), unsettled);
  const std::string judge = "reproduce --reference " + file("theirs.csv") + " --runs " +
                            file("one.csv") + " --out " + file("out");
  CHECK_THAT(run_program(judge, scratch.path()).out, Catch::Contains("0 of 3 cells"));
  unsettled.replace(unsettled.find("unsettled"), 9, "settled");
  write_file(file("one.csv"), unsettled);
  CHECK_THAT(run_program(judge, scratch.path()).out, Catch::Contains("1 of 3 cells"));
  const auto narrow = judged({0.51, 0.6, 0.7}, "--margin 0.01");
  CHECK(narrow.exit_code == 3);
}

TEST_CASE("reproduce takes several tables as one", "[cli]") {
  const TemporaryFolder scratch;
  const auto file = [&](const char* name) { return (scratch.path() / name).string(); };
  write_file(file("theirs.csv"), runs_about(their_heading, {0.5}));
  const auto runs = [](int from, int to, double at_5) {
    std::string csv = "width,alignment,reg,activation,seed\n";
    for (int seed = from; seed <= to; ++seed)
      csv += fmt::format("100,{},0.2,identity,{}\n", seed == 5 ? at_5 : 0.5 + 0.01 * (seed % 5 - 2),
                         seed);
    return csv;
  };
  const auto judged = [&] {
    return run_program("reproduce --reference " + file("theirs.csv") + " --runs " + file("a.csv") +
                           "," + file("b.csv") + " --out " + file("out"),
                       scratch.path());
  };
  write_file(file("a.csv"), runs(1, 7, 0.5));
  write_file(file("b.csv"), runs(4, 20, 0.5));
  CHECK(judged().exit_code == 0);
  CHECK_THAT(read_file(file("out") + "/cells.csv"), Catch::Contains("identity,0.2,100,20,20,"));
  write_file(file("b.csv"), runs(4, 20, 0.51));
  const auto contrary = judged();
  CHECK(contrary.exit_code == 2);
  CHECK_THAT(contrary.err, Catch::Contains("line 3 of " + file("b.csv")) &&
                               Catch::Contains("this run has in " + file("a.csv")));
}

TEST_CASE("reproduce reads tables with quotes, as other programs write them", "[cli]") {
  const TemporaryFolder scratch;
  const auto file = [&](const char* name) { return (scratch.path() / name).string(); };
  write_file(file("ours.csv"), runs_about("width,alignment,reg,activation", {0.5}));
  std::string theirs =
      "\"\",\"Width, \"\"hidden\"\"\",\"Alignment\",\"Regularization\",\"Activation\"\r\n";
  for (int i = 0; i < 20; ++i)
    theirs += fmt::format("\"{}\",\"100\",{},0.2,\"non\"\r\n", i, 0.5 + 0.01 * (i % 5 - 2));
  write_file(file("theirs.csv"), theirs);
  const auto judged = run_program("reproduce --reference " + file("theirs.csv") + " --runs " +
                                      file("ours.csv") + " --out " + file("out"),
                                  scratch.path());
  INFO(judged.err);
  CHECK(judged.exit_code == 0);
  CHECK_THAT(read_file(file("out") + "/cells.csv"), Catch::Contains("identity,0.2,100,20,20,"));
}

TEST_CASE("reproduce refuses what it cannot read", "[cli]") {
  const TemporaryFolder scratch;
  const std::string good = (scratch.path() / "good.csv").string(),
                    bad = (scratch.path() / "bad.csv").string();
  write_file(good, runs_about(their_heading, {0.5}));
  const auto refused = [&](const std::string& content, const std::string& why) {
    write_file(bad, content);
    const auto ended =
        run_program("reproduce --reference " + bad + " --runs " + good, scratch.path());
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains(why));
  };
  refused("width,reg,activation\n", "'alignment'");
  refused("width,alignment,reg,activation\n200,often,0,relu\n", "line 2");
  refused("width,alignment,reg,activation\n200\n", "line 2");
  refused("width,alignment,reg,activation\n200,1e200,0,relu\n", "from -1 to 1");
  refused("width,alignment,reg,activation,seed\n200,0,0,relu,1\n200,0,0,relu,1\n", "each seed");
  refused("width,alignment,reg,activation,rule\n200,0.1,0,relu,fa\n200,0.1,0,relu,bp\n",
          "rule = bp");
  const auto ended =
      run_program("reproduce --reference nowhere.csv --runs " + good, scratch.path());
  CHECK(ended.exit_code == 2);
}

TEST_CASE("reproduce runs the sweeps of the reference itself, once", "[cli]") {
  const TemporaryFolder scratch;
  const auto file = [&](const char* name) { return (scratch.path() / name).string(); };
  const std::string arguments = "reproduce --scale smoke --reference " + file("theirs.csv") +
                                " --stores " + scratch.path().string() + " --out " + file("out") +
                                " --margin 0.5";
  std::string reference = "width,alignment,reg,activation\n";
  for (int i = 0; i < 30; ++i) reference += fmt::format("50,{},0,non\n", 0.01 * (i % 7 - 3));
  write_file(file("theirs.csv"), reference);
  const auto ended = run_program(arguments, scratch.path());
  INFO(ended.err);
  CHECK_THAT(ended.out, Catch::Contains("64 runs, all done") && Catch::Contains("1 of 1 cells"));
  CHECK(ended.exit_code == 0);
  const auto written = std::filesystem::last_write_time(file("alignment-linear-smoke.sqlite"));
  CHECK(run_program(arguments, scratch.path()).exit_code == 0);
  CHECK(std::filesystem::last_write_time(file("alignment-linear-smoke.sqlite")) == written);
  write_file(file("theirs.csv"), "width,alignment,reg,activation\n50,0.1,0,gelu\n");
  const auto unknown = run_program(arguments, scratch.path());
  CHECK(unknown.exit_code == 2);
  CHECK_THAT(unknown.err, Catch::Contains("'gelu'"));
}
