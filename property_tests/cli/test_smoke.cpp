// SPDX-License-Identifier: Apache-2.0
// `verify --profile smoke`: a row for every claim within seconds, and none that says more than was
// looked at.
#include <algorithm>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include <alignproof/format/files.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using namespace alignproof::test;
using Json = nlohmann::ordered_json;

TEST_CASE("profile smoke has a row for every claim, and says which it did not look at", "[cli]") {
  const TemporaryFolder scratch;
  const Ended ended = run_program(
      "verify --profile smoke --seed 1 --out " + (scratch.path() / "r").string(), scratch.path());
  INFO(ended.out << ended.err);
  CHECK(ended.exit_code == 3);
  const Json report = Json::parse(read_file(scratch.path() / "r" / "report.json"));
  CHECK(report["profile"] == "smoke");
  CHECK(report["rejections"].empty());
  CHECK(report["part"] == true);
  CHECK(read_file(scratch.path() / "r" / "report.md").find("<span>$") == std::string::npos);
  std::set<std::string> rows, looked_at;
  for (const Json& claim : report["claims"]) {
    const std::string id = claim["id"], kind = claim["verdict"]["kind"];
    rows.insert(id);
    INFO(id << " " << kind);
    CHECK(kind != "refuted");
    CHECK(kind != "invalid");
    CHECK(kind != "proved");
    if (claim["verdict"]["detail"] == "not looked at in profile smoke") {
      CHECK(kind == "undecided");
      CHECK(claim["ran"] == false);
      CHECK(claim["seeds"] == 0);
    } else {
      looked_at.insert(id);
    }
  }
  for (const char* id : {"T1", "T1e", "T3", "ID", "KF", "EX", "KP"})
    CHECK(looked_at.count(id) == 1);
  for (const char* id : {"T2", "TA", "P", "law1"}) {
    CHECK(rows.count(id) == 1);
    CHECK(looked_at.count(id) == 0);
  }
  // As many rows as there are claims; a long title goes on below, behind blanks.
  const Ended list = run_program("explain", scratch.path());
  const std::regex start("^[^ ]", std::regex::multiline);
  CHECK(rows.size() == static_cast<std::size_t>(std::distance(
                           std::sregex_iterator(list.out.begin(), list.out.end(), start),
                           std::sregex_iterator())));
}

TEST_CASE("profile smoke decides where its sizes suffice", "[cli]") {
  const TemporaryFolder scratch;
  const std::string out = " --out " + (scratch.path() / "r").string();
  CHECK(run_program("verify --profile smoke --claims EX" + out, scratch.path()).exit_code == 0);
  CHECK(run_program("verify --profile smoke --claims TA" + out, scratch.path()).exit_code == 3);
  const Ended other = run_program("verify --profile smok" + out, scratch.path());
  CHECK(other.exit_code == 2);
  CHECK_THAT(other.err,
             Catch::Contains("'smok'") && Catch::Contains("smoke, quick, standard or full"));
}
