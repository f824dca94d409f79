// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <sys/wait.h>

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

/// `alignproof reproduce ARGUMENTS` with the folder as its own.
test::Ended reproduce_in(const TemporaryFolder& folder, const std::string& arguments) {
  return test::run_in(folder.path(), ALIGNPROOF_PROGRAM " reproduce " + arguments);
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
  CHECK_THAT(unclear.out, Catch::Contains("1 undecided") && !Catch::Contains("without two runs"));
  const auto missing = judged({0.5, 0.6});
  CHECK(missing.exit_code == 3);
  CHECK_THAT(missing.out, Catch::Contains("1 undecided without two runs or more on each side"));
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
      "\"\",\"Width,\n\"\"hidden\"\"\",\"Alignment\",\"Regularization\r\nlambda\","
      "\"Activation\"\r\n";
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

TEST_CASE("reproduce counts every run once, in whichever way tables are joined", "[cli]") {
  const TemporaryFolder scratch;
  const auto file = [&](const std::string& name) { return (scratch.path() / name).string(); };
  write_file(file("theirs.csv"), runs_about(their_heading, {0.5}));
  const auto runs = [](const char* heading, const char* zeros) {
    std::string csv = std::string(heading) + "\n";
    for (int seed = 1; seed <= 20; ++seed)
      csv += fmt::format("{}{}, 100,{},0.2,Identity\n", zeros, seed, 0.5 + 0.01 * (seed % 5 - 2));
    return csv;
  };
  write_file(file("seeds.csv"), runs("seed,width,alignment,reg,activation", ""));
  write_file(file("zeros.csv"), runs("seed,width,alignment,reg,activation", "0"));
  write_file(file("spaces.csv"), runs(" Seed , width, alignment, reg, activation", ""));
  write_file(file("mark.csv"), runs("\xEF\xBB\xBFseed,width,alignment,reg,activation", ""));
  write_file(file("blank.csv"), runs("seed,width,alignment,reg,activation", "") + "\r\n\n");
  write_file(file("none.csv"), runs("line,width,alignment,reg,activation", ""));
  const auto judged = [&](const std::string& tables) {
    return reproduce_in(scratch, "--reference theirs.csv --runs " + tables + " --out out");
  };
  for (const char* tables :
       {"none.csv", "seeds.csv,seeds.csv", "seeds.csv,./seeds.csv", "seeds.csv,zeros.csv",
        "spaces.csv,seeds.csv", "seeds.csv,mark.csv", "blank.csv,seeds.csv"}) {
    const auto ended = judged(tables);
    INFO(tables << ": " << ended.err);
    CHECK(ended.exit_code == 0);
    CHECK_THAT(read_file(file("out/cells.csv")), Catch::Contains("identity,0.2,100,20,20,"));
  }
  for (const char* tables : {"none.csv,none.csv", "seeds.csv,none.csv", "none.csv,seeds.csv"}) {
    const auto ended = judged(tables);
    INFO(tables);
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains("tables with a column 'seed'"));
  }
}

TEST_CASE("reproduce takes columns by name before words, and no others for them", "[cli]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "theirs.csv", runs_about(their_heading, {0.5}));
  const auto judged = [&](const std::string& heading, const std::string& more) {
    std::string csv = heading + "\n";
    for (int i = 0; i < 20; ++i)
      csv += fmt::format("100,{},0.2,identity,{}\n", 0.5 + 0.01 * (i % 5 - 2),
                         i == 7 ? more : std::string("0.9"));
    write_file(scratch.path() / "ours.csv", csv);
    return reproduce_in(scratch, "--reference theirs.csv --runs ours.csv --out out");
  };
  CHECK(judged("width,alignment,reg,activation,signal_alignment", "0.9").exit_code == 0);
  CHECK(judged("hidden width,alignment,reg,activation,x", "0.9").exit_code == 0);
  // What diverged has no value, whatever stands there.
  CHECK(judged("width,alignment,reg,activation, Ended", "0.9").exit_code == 0);
  CHECK(judged("width,alignment,reg,activation, Ended", "diverged").exit_code == 3);
  CHECK(judged("width,alignment,reg,activation, Ended", "unsettled").exit_code == 3);
  for (const char* heading :
       {"width,an alignment,reg,activation,alignment there", "width,alignment,reg,activation,width",
        "line width,alignment,reg,activation,first width"}) {
    const auto ended = judged(heading, "0.9");
    INFO(heading);
    CHECK(ended.exit_code == 2);
    CHECK_THAT(ended.err, Catch::Contains("give one column '"));
  }
}

TEST_CASE("reproduce writes over nothing that it reads", "[cli]") {
  const TemporaryFolder scratch;
  const std::string reference = runs_about(their_heading, {0.5});
  const auto keeps = [&](const std::string& name, const std::string& arguments) {
    const auto file = scratch.path() / name;
    std::filesystem::create_directories(file.parent_path());
    write_file(file, reference);
    const auto ended = reproduce_in(scratch, arguments);
    INFO(arguments << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(read_file(file) == reference);
  };
  write_file(scratch.path() / "theirs.csv", reference);
  keeps("alignment-linear-smoke.csv", "--reference alignment-linear-smoke.csv --scale smoke");
  keeps("out/cells.csv", "--reference out/cells.csv --runs theirs.csv --out out");
  keeps("out/cells.csv", "--reference theirs.csv --runs theirs.csv,out/cells.csv --out out");
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
  refused("width,alignment,reg,activation\n200\n", "give 4 fields");
  refused("width,alignment,reg,activation\n200,0.1,0,relu,\n", "give 4 fields");
  refused("width,alignment,reg,activation\n200,0.1,0,\"relu\n", "a quote that is closed");
  refused("width,alignment,reg,activation\r200,0.1,0,relu\r", "line ends are CR");
  refused(std::string("\xff\xfew\0i\0", 6), "UTF-16");
  refused("width,alignment,reg,activation\n200,0x1p-2,0,relu\n", "'0x1p-2'");
  refused(
      "width,alignment,reg,activation\n200,\xe2\x88\x92"
      "0.1,0,relu\n",
      "line 2");
  refused("width,alignment,reg,activation\n200,\"0,1\",0,relu\n", "a number for 'alignment'");
  refused("width,alignment,reg,activation\n200,1e400,0,relu\n", "'1e400'");
  refused("width,alignment,reg,activation\n# 200,0.1,0,relu\n", "line 2");
  refused("width,alignment,reg,activation\n200,,0,relu\n", "line 2");
  refused("width,alignment,reg,activation\n", "a line a run");
  refused("", "a heading");
  refused("width;alignment;reg;activation\n200;0.1;0;relu\n", "separated by commas");
  refused("width,alignment,reg,activation\n-200,0.1,0,relu\n", "> 0 for 'width'");
  refused("width,alignment,reg,activation\n200,0.1,-1,relu\n", ">= 0 for 'reg'");
  refused("width,alignment,reg,activation\n200,0.1,0,wobble\n", "'wobble'");
  refused("width,alignment,reg,activation,layers\n200,0.1,0,relu,2\n200,0.1,0,relu,3\n",
          "layers = 3");
  refused(std::string(5000, 'x') + "\n", "xxx... is not accepted");
  refused("width,alignment,reg,activation\n200,1e200,0,relu\n", "from -1 to 1");
  refused("width,alignment,reg,activation,seed\n200,0,0,relu,1\n200,0,0,relu,1\n", "each seed");
  refused("width,alignment,reg,activation,rule\n200,0.1,0,relu,fa\n200,0.1,0,relu,bp\n",
          "rule = bp");
  const auto ended =
      run_program("reproduce --reference nowhere.csv --runs " + good, scratch.path());
  CHECK(ended.exit_code == 2);
  // Runs that were made otherwise than the reference says; options that would do nothing.
  write_file(bad, "width,alignment,reg,activation,rule\n100,0.5,0.2,identity,bp\n");
  write_file(scratch.path() / "fa.csv",
             "width,alignment,reg,activation,rule\n100,0.5,0.2,linear,fa\n");
  const auto other = reproduce_in(scratch, "--reference fa.csv --runs bad.csv");
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err, Catch::Contains("give fa, as in the reference"));
  CHECK(reproduce_in(scratch, "--reference good.csv --runs good.csv --seeds 3").exit_code == 2);
  std::filesystem::create_directories(scratch.path() / "out" / "cells.csv");
  CHECK(reproduce_in(scratch, "--reference good.csv --runs good.csv --out out").exit_code == 2);
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

TEST_CASE("reproduce says before the first run which cells no sweep has", "[cli]") {
  const TemporaryFolder scratch;
  const auto reference = [&](const std::vector<std::string>& cells, const std::string& more = "",
                             int runs = 2) {
    std::string csv = "width,reg,activation,alignment" + std::string(more.empty() ? "" : ",rule");
    for (const std::string& cell : cells)
      for (int i = 0; i < runs; ++i)
        csv += fmt::format("\n{},0.{}{}{}", cell, i + 1, more.empty() ? "" : ",", more);
    write_file(scratch.path() / "theirs.csv", csv + "\n");
    return reproduce_in(scratch, "--reference theirs.csv --scale smoke --margin 1 --out out");
  };
  const auto refused = [&](const test::Ended& ended, const std::string& why) {
    INFO(ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK_THAT(ended.err, Catch::Contains(why));
    for (const auto& entry : std::filesystem::directory_iterator(scratch.path()))
      CHECK(entry.path().extension() != ".sqlite");  // no run was begun
  };
  refused(reference({"5000,0.2,identity", "10000,0.2,identity"}),
          "identity, penalty 0.2, width 5000; identity, penalty 0.2, width 10000");
  refused(reference({"5000,0.2,identity"}), "penalties 0, 0.2, 0.3, 0.5 and widths 50, 100");
  refused(reference({"50,0.7,identity"}), "identity, penalty 0.7, width 50");
  refused(reference({"50,0.7,identity", "77,0,relu", "77,0,tanh"}), "relu, penalty 0, width 77");
  refused(reference({"50,0.2,identity"}, "bp"), "bp, as in the reference");
  refused(reference({"50,0.2,identity"}, "", 1), "two runs or more of a cell");
  const auto single = reproduce_in(scratch, "--reference theirs.csv --scale smoke --seeds 1");
  refused(single, "seeds = 1");

  const auto partly = reference({"50,0.2,identity", "5000,0.2,identity", "77,0,relu"});
  INFO(partly.err);
  CHECK(partly.exit_code == 3);
  CHECK_THAT(partly.err, Catch::Contains("1 of 3 cells of the reference will be compared") &&
                             Catch::Contains("no identity, penalty 0.2, width 5000; relu"));
  // A sweep none of whose cells is compared is not run.
  CHECK(std::filesystem::exists(scratch.path() / "alignment-linear-smoke.sqlite"));
  CHECK_FALSE(std::filesystem::exists(scratch.path() / "alignment-relu-smoke.sqlite"));
  // The same of tables that are given.
  write_file(scratch.path() / "other.csv", runs_about("width,alignment,reg,activation", {0.5}));
  const auto apart = reproduce_in(scratch, "--reference theirs.csv --runs other.csv --out out");
  CHECK(apart.exit_code == 2);
  CHECK_THAT(apart.err, Catch::Contains("identity with penalties 0.2 and widths 100"));
}

namespace {

/// Predicted in a moment.
constexpr const char* tiny_networks = R"(
name = "tiny"
[run]
activation = "tanh"
targets = "network"
n = 2
d = 5
width = [50, 100]
step = 0.05
reg = [0, 0.1]
steps = 40
)";

std::size_t number_of_lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("reproduce predicts a table, compares it, and reads what it wrote", "[cli]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "tiny.toml", tiny_networks);
  const std::string work = "--predict tiny.toml --data-sets 3 --particles 40 --out out ";
  const auto alone = reproduce_in(scratch, work);
  INFO(alone.err);
  CHECK(alone.exit_code == 0);  // nothing is compared
  CHECK_THAT(alone.out, Catch::Contains("predicted") && !Catch::Contains("agree"));
  for (std::size_t begin = 0, end; (end = alone.out.find('\n', begin)) != std::string::npos;
       begin = end + 1)
    CHECK(end - begin <= 80);
  const std::string predictions = read_file(scratch.path() / "out/predicted.csv");
  CHECK(number_of_lines(predictions) == 1 + 4 * 3);
  CHECK(number_of_lines(read_file(scratch.path() / "out/cells.csv")) == 1 + 4);
  CHECK_THAT(read_file(scratch.path() / "out/predicted.html"),
             Catch::Contains("no network was run"));
  const std::string cells = read_file(scratch.path() / "out/cells.csv");
  CHECK(std::count(cells.begin(), cells.end(), ',') == (1 + 4) * (6 + 2 * 8));
  write_file(scratch.path() / "mine.csv", predictions);
  CHECK(reproduce_in(scratch, work + "--jobs 2").exit_code == 0);
  CHECK(read_file(scratch.path() / "out/predicted.csv") == predictions);
  // The predictions are the reference of themselves, by every way in.
  for (const char* arguments :
       {"--predicted mine.csv --runs mine.csv", "--predicted mine.csv --reference mine.csv",
        "--reference mine.csv --runs mine.csv",
        "--predict tiny.toml --data-sets 3 --particles 40 --runs mine.csv --reference mine.csv"}) {
    const auto same = reproduce_in(scratch, std::string(arguments) + " --margin 0.9 --out again");
    INFO(arguments << ": " << same.err);
    CHECK(same.exit_code == 0);
    CHECK_THAT(same.out, Catch::Contains("4 of 4 cells agree within 0.9"));
  }
  // Cells that the table has not stand alone; one that it has apart decides.
  std::string other = "width,alignment,reg,activation\n";
  for (int i = 0; i < 20; ++i) other += fmt::format("50,{},0.1,tanh\n", 0.99 - 1e-4 * i);
  write_file(scratch.path() / "other.csv", other);
  const auto apart = reproduce_in(scratch, "--predicted mine.csv --runs other.csv --out again");
  CHECK(apart.exit_code == 1);
  CHECK_THAT(apart.out, Catch::Contains("0 of 1 cells agree") && Catch::Contains("1 differ"));
}

TEST_CASE("reproduce refuses a prediction in one line, before any work", "[cli]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "tiny.toml", tiny_networks);
  write_file(scratch.path() / "other.csv", "width,alignment,reg,activation\n7,0.5,0,relu\n");
  const auto refused = [&](const std::string& arguments, const std::string& why) {
    const auto ended = reproduce_in(scratch, arguments + " --out out");
    INFO(arguments << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK(number_of_lines(ended.err) == 1);
    CHECK_THAT(ended.err, Catch::Contains(why));
    CHECK_FALSE(std::filesystem::exists(scratch.path() / "out"));
  };
  refused("", "give a table, or --predict NAME");
  refused("--predict rules", "rule = 'bp' is not accepted: give fa");
  refused("--predict schedules", "give constant where a table is predicted");
  refused("--predict dropout", "dropout = 0.1 is not accepted: give 0");
  refused("--predict nowhere", "'nowhere'");
  refused("--predict tiny.toml --seeds 3", "no network is run");
  refused("--predict tiny.toml --stores .", "no network is run");
  refused("--predict tiny.toml --data-sets 1", "data-sets = 1");
  refused("--predict tiny.toml --particles 0", "particles = 0");
  refused("--predict tiny.toml --particles 3", "particles = 3");
  refused("--predict tiny.toml --seed 0", "seed = 0");
  refused("--predict tiny.toml --jobs 0", "jobs");
  refused("--predict tiny.toml --margin 0", "margin");
  refused("--predict tiny.toml --runs other.csv", "relu, penalty 0, width 7");
  refused("--predict tiny.toml --reference nowhere.csv", "nowhere.csv");
  refused("--predict tiny.toml --predicted other.csv", "--predict");
  refused("--predicted other.csv --data-sets 3", "those tables are made");
  refused("--predicted other.csv", "those of runs go to --runs");
  refused("--reference other.csv --runs other.csv --data-sets 3", "--predict alone");
}
