// SPDX-License-Identifier: Apache-2.0
// The expected verdict of every row, instance and rejection of the quick profile is a baseline; a
// change must be approved.
#include <nlohmann/json.hpp>

#include <alignproof/report/writers.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

TEST_CASE("verify --profile quick gives the verdicts of the baseline", "[claims]") {
  const test::TemporaryFolder scratch;
  const auto ended =
      test::run_program("verify --profile quick --seed 1 --format json --out " +
                            (scratch.path() / "report").string() +
                            " --baseline " ALIGNPROOF_SOURCE_DIR "/reports/baselines/quick.json",
                        scratch.path());
  INFO(ended.err);
  CHECK(ended.exit_code == 0);
  const auto report = nlohmann::json::parse(ended.out);

  double alpha = 0;
  for (const auto& test : report.at("statistical_tests")) {
    alpha += test.at("alpha").get<double>();
    INFO(test.dump());
    CHECK(test.at("power").get<double>() >= 0.99);
  }
  CHECK(alpha > 0);
  CHECK(alpha < 1e-6);
  CHECK(report.at("rejections").size() == 16);
  for (const auto& rejection : report.at("rejections")) {
    INFO(rejection.dump());
    CHECK_FALSE(rejection.at("caught_by").empty());
  }
}

TEST_CASE("a changed verdict differs from the baseline, a changed constant does not", "[claims]") {
  Report report;
  ClaimRow row;
  row.text.id = "T1";
  row.verdict = Verdict::holds("0.9 at level 1e-8");
  row.results = {{"one", Verdict::holds("a"), ""}, {"two", Verdict::sampled("b"), ""}};
  report.rows = {row};
  report.rejections = {{Rejection::Kind::planted_error, "eta twice", {"ID", "KF"}, ""}};
  const std::string before = verdicts_to_json(report);
  report.rows[0].verdict = Verdict::holds("other words");
  report.rows[0].measured = 3;
  CHECK(changed_verdicts(before, verdicts_to_json(report)).empty());
  report.rows[0].results[1].verdict = Verdict::undecided("c");
  report.rejections[0].caught_by = {"ID"};
  const auto changes = changed_verdicts(before, verdicts_to_json(report));
  REQUIRE(changes.size() == 2);
  CHECK(changes[0] == "T1: instances: two: sampled before, undecided now");
  CHECK(changes[1] == "refused: eta twice: ID, KF before, ID now");
  report.rows.clear();
  CHECK(changed_verdicts(before, verdicts_to_json(report)).size() == 4);
  CHECK_THROWS_WITH(changed_verdicts("[]", before), Catch::Contains("baseline"));
}

TEST_CASE("a baseline compares the rows that ran and is read before the work", "[claims]") {
  const test::TemporaryFolder scratch;
  const std::string file = (scratch.path() / "expected.json").string(),
                    command = "verify --claims KF,EX --out " + (scratch.path() / "r").string() +
                              " --baseline " + file;
  CHECK(test::run_program(command, scratch.path()).exit_code == 2);  // there is none yet
  CHECK(test::run_program(command + " --approve", scratch.path()).exit_code == 2);  // a part only
  std::string text = read_file(ALIGNPROOF_SOURCE_DIR "/reports/baselines/quick.json");
  write_file(file, text);
  CHECK(test::run_program(command, scratch.path()).exit_code == 0);
  write_file(file, "[]");
  const auto malformed = test::run_program(command, scratch.path());
  CHECK(malformed.exit_code == 2);
  CHECK(malformed.out.empty());
  text.replace(text.find("\"exact\""), 7, "\"holds\"");
  write_file(file, text);
  const auto ended = test::run_program(command, scratch.path());
  CHECK(ended.exit_code == 1);
  CHECK_THAT(ended.err, Catch::Contains("differs from the baseline: EX"));
}
