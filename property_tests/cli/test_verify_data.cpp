// SPDX-License-Identifier: Apache-2.0
// `verify` on the user's data, whichever source they come from.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/format/array.hpp>
#include <alignproof/network/csv.hpp>
#include <alignproof/random/normal.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using test::Ended;
using test::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t rows = 14, d = 20;

/// A table of normal numbers, and the same as two arrays.
void write_data(const fs::path& folder) {
  std::string table;
  Array X({rows, d}), y({rows});
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j <= d; ++j) {
      const double x = standard_normal(5, Stream::X, static_cast<std::uint32_t>(i),
                                       static_cast<std::uint32_t>(j)) /
                       4;
      (j < d ? X(i, j) : y(i)) = x;
      table += fmt::format("{}{:.17g}", j ? "," : "", x);
    }
    table += "\n";
  }
  write_file(folder / "t.csv", table);
  write_npy(folder / "X.npy", X);
  write_npy(folder / "y.npy", y);
}

Ended in_bash(const TemporaryFolder& scratch, const std::string& line) {
  return test::run_in(scratch.path(), "alignproof() { " ALIGNPROOF_PROGRAM " \"$@\"; }\n" + line);
}

nlohmann::json row_of(const TemporaryFolder& scratch, const std::string& report) {
  return nlohmann::json::parse(read_file(scratch.path() / report / "report.json"))["claims"][0];
}

std::vector<std::string> replays(const nlohmann::json& row, const std::string& command) {
  std::vector<std::string> lines;
  for (const auto& result : row["results"]) {
    const std::string line = result["replay"];
    if (line.find("alignproof " + command) == 0) lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("verify looks at tables, arrays and pipes alike, and its replay lines at the same rows",
          "[cli][verify-data]") {
  const TemporaryFolder scratch;
  write_data(scratch.path());
  const std::string verify = "alignproof verify --claims T1-img ";
  const Ended table = in_bash(scratch, verify + "--csv t.csv --out table");
  INFO(table.out << table.err);
  REQUIRE(table.exit_code == 0);
  const nlohmann::json row = row_of(scratch, "table");
  CHECK(row["title"] == "T1 on your data");
  CHECK_THAT(std::string(row["method"]), Contains("10 of the 14 samples"));
  CHECK_THAT(std::string(row["results"][0]["name"]),
             StartsWith("csv t.csv, n=10 of 14 d=20, p=2048"));
  CHECK_THAT(table.out, Contains("--csv t.csv"));

  // The first replay line is a run on the ten rows: its error begins where their targets put it.
  const auto runs = replays(row, "simulate");
  REQUIRE(runs.size() == 1);
  CHECK_THAT(runs[0], Contains("--csv t.csv --outputs 1 --n 10 "));
  const Ended run = in_bash(scratch, runs[0]);
  CHECK(run.exit_code == 0);
  const std::string by_hand = runs[0].substr(runs[0].find("--width"));
  CHECK(in_bash(scratch, "alignproof simulate --npy X.npy y.npy --n 10 " + by_hand).out == run.out);
  CHECK(in_bash(scratch, "alignproof simulate --npy X.npy y.npy " + by_hand).out != run.out);

  // The others make the certificates that stand beside the report, byte for byte.
  const auto certificates = replays(row, "certify");
  REQUIRE(!certificates.empty());
  for (const std::string& line : certificates) {
    INFO(line);
    const std::string name = line.substr(line.rfind(' ') + 1);
    CHECK(in_bash(scratch, line).exit_code == 0);
    std::size_t arrays = 0;
    for (const auto& entry : fs::directory_iterator(scratch.path() / "table/certificates" / name)) {
      const fs::path file = entry.path().filename();
      arrays += file.extension() == ".npy" ? 1 : 0;
      if (file.extension() == ".npy" || file == "certificate.json")
        CHECK(read_file(scratch.path() / name / file) == read_file(entry.path()));
    }
    CHECK(arrays >= 2);
    fs::remove_all(scratch.path() / name);
  }

  // The same numbers from arrays and from a pipe, which is read once.
  CHECK(in_bash(scratch, verify + "--npy X.npy y.npy --out arrays").exit_code == 0);
  CHECK(in_bash(scratch, "cat t.csv | " + verify + "--csv - --out pipe").exit_code == 0);
  for (const char* other : {"arrays", "pipe"}) {
    const nlohmann::json same = row_of(scratch, other);
    CHECK(same["measured"] == row["measured"]);
    CHECK(same["bound"] == row["bound"]);
    CHECK(same["verdict"] == row["verdict"]);
  }
}

TEST_CASE("verify on data beyond the premises is undecided and says which", "[cli][verify-data]") {
  const TemporaryFolder scratch;
  // Two samples that are the same: gamma = 0.
  write_file(scratch.path() / "twice.csv", "0.5,0.25,1\n0.5,0.25,1\n");
  const Ended twice = in_bash(scratch, "alignproof verify --claims T1-img --csv twice.csv --out r");
  CHECK(twice.exit_code == 3);
  CHECK_THAT(std::string(row_of(scratch, "r")["verdict"]["detail"]),
             StartsWith("outside the premises: gamma > 0"));
  // Too large for the step.
  write_file(scratch.path() / "large.csv", "500,0,1\n0,700,1\n400,400,-1\n");
  const Ended large = in_bash(scratch, "alignproof verify --claims T1-img --csv large.csv --out r");
  CHECK((large.exit_code == 3 || large.exit_code == 0));
  CHECK(row_of(scratch, "r")["verdict"]["kind"] != "refuted");
}

TEST_CASE("verify refuses data that it says nothing of, before any work", "[cli][verify-data]") {
  const TemporaryFolder scratch;
  write_data(scratch.path());
  write_file(scratch.path() / "iris.csv", "5.1,3.5,Iris-setosa\n7.0,3.2,Iris-versicolor\n");
  write_file(scratch.path() / "bad.csv", "1,2\n3,x\n");
  for (const auto& [options, words] : std::vector<std::pair<std::string, std::string>>{
           {"--csv iris.csv", "outputs = 2 (csv iris.csv, n=2 d=2 k=2)"},
           {"--csv t.csv --outputs 2", "outputs = 2"},
           {"--targets classes --outputs 3", "outputs = 3"},
           {"--inputs isometric --d 2", "d = 2"},
           {"--csv none.csv", "'none.csv'"},
           {"--csv bad.csv", "bad.csv, line 2"},
           {"--csv t.csv --target 22", "'22'"},
           {"--npy X.npy none.npy", "'none.npy'"},
           {"--npy y.npy X.npy", "shape of X"},
           {"--data none", "'none'"},
           {"--data .", "image folder"},
           {"--csv t.csv --n 3", "--n"},
           {"--csv ''", "''"}})
    for (const char* claims : {"--claims T1-img,KF ", ""}) {
      const Ended ended =
          in_bash(scratch, "alignproof verify --out r " + std::string(claims) + options);
      INFO(claims << options << ": " << ended.err);
      CHECK(ended.exit_code == 2);
      CHECK(ended.out.empty());
      CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
      CHECK_THAT(ended.err, Contains(words));
      CHECK_FALSE(fs::exists(scratch.path() / "r"));
    }
}
