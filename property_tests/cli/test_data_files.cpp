// SPDX-License-Identifier: Apache-2.0
// Users' data as the command reads them: tables, arrays and images, from files and pipes.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <sys/wait.h>

#include <fmt/format.h>

#include <alignproof/format/array.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::run_program;
using test::TemporaryFolder;

namespace {

constexpr const char* iris = "5.1,3.5,1.4,0.2,Iris-setosa\n7.0,3.2,4.7,1.4,Iris-versicolor\n";
constexpr const char* four = "0.5,1.25,1\n0.25,0.5,-1\n0.75,0.1,1\n0.1,0.2,-1\n";

/// `alignproof ARGUMENTS` with bash, which has <( ), in the folder.
test::Ended in_bash(const TemporaryFolder& scratch, const std::string& before,
                    const std::string& arguments) {
  return test::run_in(scratch.path(), before + ALIGNPROOF_PROGRAM " " + arguments);
}

const std::string short_run = "simulate --width 10 --steps 2 ";

}  // namespace

TEST_CASE("a table from a file, gzip, standard input or a pipe is the same table", "[cli]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "t.csv", four);
  REQUIRE(in_bash(scratch, "gzip -k t.csv; mv t.csv.gz odd.txt; ", "--version").exit_code == 0);
  const auto plain = in_bash(scratch, "", short_run + "--csv t.csv");
  INFO(plain.err);
  REQUIRE(plain.exit_code == 0);
  CHECK(plain.err.empty());
  for (const auto& [before, file] :
       std::vector<std::pair<std::string, std::string>>{{"", "odd.txt"},
                                                        {"cat t.csv | ", "-"},
                                                        {"cat t.csv | ", "/dev/stdin"},
                                                        {"cat odd.txt | ", "-"},
                                                        {"", "- < t.csv"},
                                                        {"", "<(cat t.csv)"},
                                                        {"", "<(gzip < t.csv)"},
                                                        {"tr , \" \" < t.csv | ", "-"},
                                                        {"tr , \"\\t\" < t.csv | ", "-"}}) {
    const auto ended = in_bash(scratch, before, short_run + "--csv " + file);
    INFO(before << file << ": " << ended.err);
    CHECK(ended.exit_code == 0);
    CHECK(ended.out == plain.out);
  }
  const auto closed = in_bash(scratch, "", short_run + "--csv - <&-");
  CHECK(closed.exit_code == 2);
  CHECK_THAT(closed.err, Catch::Contains("standard input"));
  write_file(scratch.path() / "K.csv", "2,1,1\n1,3,-1\n");
  CHECK(in_bash(scratch, "cat K.csv | ", "law --points 1 --kernel -").exit_code == 0);
}

TEST_CASE("the option --target chooses the column that is y", "[cli]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "last.csv", "a,b,label\n14.23,1.71,1\n12.37,0.94,2\n");
  write_file(scratch.path() / "first.csv", "label,a,b\n1,14.23,1.71\n2,12.37,0.94\n");
  const auto last = in_bash(scratch, "", short_run + "--csv last.csv");
  REQUIRE(last.exit_code == 0);
  for (const char* column : {"label", "1"}) {
    const auto ended =
        in_bash(scratch, "", short_run + "--csv first.csv --target " + std::string(column));
    CHECK(ended.exit_code == 0);
    CHECK(ended.out == last.out);
  }
  CHECK(in_bash(scratch, "", short_run + "--csv first.csv").out != last.out);
  for (const char* wrong :
       {"--csv first.csv --target labels", "--csv first.csv --target 4", "--target 1",
        "--csv first.csv --target 1 --outputs 2", "--csv first.csv --target \"\""}) {
    const auto ended = in_bash(scratch, "", short_run + wrong);
    INFO(wrong << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK(ended.out.empty());
  }
}

TEST_CASE("words as targets are classes, in an order that is said", "[cli]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "iris.csv", iris);
  write_file(scratch.path() / "hot.csv", "5.1,3.5,1.4,0.2,1,0\n7.0,3.2,4.7,1.4,0,1\n");
  const auto words = in_bash(scratch, "", short_run + "--csv iris.csv");
  CHECK(words.exit_code == 0);
  CHECK_THAT(words.err, Catch::Contains("y has 2 columns") &&
                            Catch::Contains("in column 5 are: Iris-setosa, Iris-versicolor\n"));
  CHECK(words.out == in_bash(scratch, "", short_run + "--csv hot.csv --outputs 2").out);
  const auto json = in_bash(scratch, "", "kernel --format json --csv iris.csv");
  CHECK(json.exit_code == 0);
  CHECK_THAT(json.out, Catch::StartsWith("{"));
  for (const char* wrong :
       {"law --points 1 --csv iris.csv", "law --points 1 --kernel iris.csv",
        "simulate --csv iris.csv --outputs 2", "kernel --csv iris.csv --concentration"}) {
    const auto ended = in_bash(scratch, "", wrong);
    INFO(wrong << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
  }
}

TEST_CASE("the option --npy takes numpy's arrays", "[cli]") {
  const TemporaryFolder scratch;
  Array X({4, 2}), y({4});
  X.values = {0.5, 1.25, 0.25, 0.5, 0.75, 0.1, 0.1, 0.2};
  y.values = {1, -1, 1, -1};
  write_npy(scratch.path() / "X.npy", X);
  write_npy(scratch.path() / "y.npy", y);
  write_file(scratch.path() / "t.csv", four);
  const auto table = in_bash(scratch, "", short_run + "--csv t.csv");
  for (const char* files : {"X.npy y.npy", "<(cat X.npy) <(gzip < y.npy)", "- y.npy < X.npy"}) {
    const auto ended = in_bash(scratch, "", short_run + "--npy " + files);
    INFO(files << ": " << ended.err);
    CHECK(ended.exit_code == 0);
    CHECK(ended.out == table.out);
  }
  CHECK(in_bash(scratch, "", "kernel --npy X.npy y.npy").exit_code == 0);
  for (const char* wrong :
       {"--npy X.npy", "--npy y.npy X.npy", "--npy X.npy y.npy --outputs 2",
        "--npy X.npy y.npy --n 5", "--npy X.npy y.npy --csv t.csv", "--npy X.npy none.npy",
        "--npy X.npy t.csv", "--npy X.npy \"\"", "--npy X.npy y.npy --target 1"}) {
    const auto ended = in_bash(scratch, "", short_run + wrong);
    INFO(wrong << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK(ended.out.empty());
  }
  const auto twice = in_bash(scratch, "cat X.npy | ", short_run + "--npy - -");
  CHECK(twice.exit_code == 2);
  CHECK_THAT(twice.err, Catch::Contains("read once"));
  CHECK_THAT(in_bash(scratch, "", "simulate --help").out, Catch::Contains("--npy X.npy y.npy"));
}

TEST_CASE("an option of data that means nothing to the source is refused in one line", "[cli]") {
  const TemporaryFolder scratch;
  write_file(scratch.path() / "t.csv", four);
  write_file(scratch.path() / "X.npy", "");
  for (const char* command :
       {"simulate ", "certify --out c ", "kernel ", "law ", "verify --claims T1-img --out r "})
    for (const auto& [options, words] : std::vector<std::pair<std::string, std::string>>{
             {"--csv t.csv --d 3", "'--d' with --csv"},
             {"--csv t.csv --teacher-width 3", "'--teacher-width' with --csv"},
             {"--csv t.csv --data-seed 3", "'--data-seed' with --csv"},
             {"--csv t.csv --input-scale 3", "'--input-scale' with --csv"},
             {"--csv t.csv --target-scale 3", "'--target-scale' with --csv"},
             {"--inputs sphere --csv t.csv", "'--inputs' with --csv"},
             {"--csv t.csv --targets zero", "'--targets' with --csv"},
             {"--csv t.csv --data .", "'--data' with --csv"},
             {"--npy X.npy X.npy --csv t.csv", "'--npy' with --csv"},
             {"--npy X.npy X.npy --data .", "'--npy' with --data"},
             {"--npy X.npy X.npy --outputs 2", "'--outputs' with --npy"},
             {"--npy X.npy X.npy --target 1", "'--target' with --npy"},
             {"--data . --target 1", "'--target' with --data"},
             {"--data . --d 4", "'--d' with --data"},
             {"--target 1", "'--target' without --csv"},
             {"--csv t.csv --target 3 --outputs 1", "'--outputs' with --target"}}) {
      const auto ended = in_bash(scratch, "", command + options);
      INFO(command << options << ": " << ended.err);
      CHECK(ended.exit_code == 2);
      CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
      CHECK_THAT(ended.err, Catch::Contains("option = " + words));
      CHECK(ended.out.empty());
    }
  CHECK_FALSE(std::filesystem::exists(scratch.path() / "r"));
  CHECK_FALSE(std::filesystem::exists(scratch.path() / "c"));
}

TEST_CASE("so many samples of a table or of arrays are the same ones everywhere", "[cli]") {
  const TemporaryFolder scratch;
  Array X({4, 2}), y({4});
  X.values = {0.5, 1.25, 0.25, 0.5, 0.75, 0.1, 0.1, 0.2};
  y.values = {1, -1, 1, -1};
  write_npy(scratch.path() / "X.npy", X);
  write_npy(scratch.path() / "y.npy", y);
  write_file(scratch.path() / "t.csv", four);
  const auto table = in_bash(scratch, "", short_run + "--csv t.csv --n 2");
  REQUIRE(table.exit_code == 0);
  CHECK(table.out == in_bash(scratch, "", short_run + "--npy X.npy y.npy --n 2").out);
  CHECK(table.out == in_bash(scratch, "cat t.csv | ", short_run + "--csv - --n 2").out);
  CHECK(table.out != in_bash(scratch, "", short_run + "--csv t.csv").out);
  CHECK(in_bash(scratch, "", short_run + "--csv t.csv --n 4").out ==
        in_bash(scratch, "", short_run + "--csv t.csv").out);
  for (const char* wrong : {"--csv t.csv --n 5", "--csv t.csv --n 0", "--npy X.npy y.npy --n 5"}) {
    const auto ended = in_bash(scratch, "", short_run + wrong);
    INFO(wrong << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
  }
}

TEST_CASE("images with other classes are said to have them", "[cli]") {
  const TemporaryFolder scratch;
  std::string images("\0\0\x08\x03\0\0\0\x34\0\0\0\1\0\0\0\1", 16),
      labels("\0\0\x08\x01\0\0\0\x34", 8);
  for (int i = 0; i < 52; ++i) {
    images += static_cast<char>(i);
    labels += static_cast<char>(i % 26 + 1);
  }
  write_file(scratch.path() / "train-images-idx3-ubyte", images);
  write_file(scratch.path() / "train-labels-idx1-ubyte", labels);
  const auto ended = in_bash(scratch, "", "simulate --data . --n 4");
  CHECK(ended.exit_code == 2);
  CHECK_THAT(ended.err, Catch::Contains("has no class 0: its classes are 1 to 26"));
}

TEST_CASE("a comma in a file's name is one where the file is there", "[cli]") {
  const TemporaryFolder scratch;
  std::string runs = "width,alignment,reg,activation\n";
  for (int i = 0; i < 20; ++i) runs += fmt::format("100,{},0.2,identity\n", 0.01 * (i % 5));
  for (const char* name : {"one,two.csv", "three.csv", "a,b,c.csv"})
    write_file(scratch.path() / name, runs);
  const std::string reproduce = "reproduce --out out --reference three.csv --runs ";
  CHECK(in_bash(scratch, "", reproduce + "one,two.csv").exit_code == 0);
  CHECK(in_bash(scratch, "", reproduce + "a,b,c.csv").exit_code == 0);
  // Two tables without seeds, both found.
  const auto both = in_bash(scratch, "", reproduce + "a,b,c.csv,one,two.csv");
  CHECK(both.exit_code == 2);
  CHECK_THAT(both.err, Catch::Contains("one,two.csv") && Catch::Contains("column"));
  const auto none = in_bash(scratch, "", reproduce + "four,five.csv");
  CHECK(none.exit_code == 2);
  CHECK_THAT(none.err, Catch::Contains("'four'"));
  const std::string sweep =
      "sweep alignment-linear --scale smoke --set \"width = [5]\" "
      "--set \"steps = 10\" --set \"reg = [0]\" --store ";
  REQUIRE(in_bash(scratch, "", sweep + "x,y.sqlite").exit_code == 0);
  const auto reused = in_bash(scratch, "", sweep + "new.sqlite --reuse x,y.sqlite");
  INFO(reused.err);
  CHECK(reused.exit_code == 0);
  CHECK_THAT(reused.err, Catch::Contains("4 runs taken over from x,y.sqlite"));
  const auto shown = in_bash(scratch, "", "verify --claims KF --out r --sweeps x,y.sqlite");
  INFO(shown.err);
  CHECK(shown.exit_code == 0);
}
