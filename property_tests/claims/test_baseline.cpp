// SPDX-License-Identifier: Apache-2.0
// The expected verdict of every row, instance and rejection of the quick profile, and every
// constant, is a baseline; a change must be approved.
#include <nlohmann/json.hpp>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/planted_errors.hpp>

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
  std::size_t wrong = all_planted_errors.size();
  for (const Claim& claim : all_claims()) wrong += claim.false_claims.size();
  CHECK(report.at("rejections").size() == wrong);
  for (const auto& rejection : report.at("rejections")) {
    INFO(rejection.dump());
    CHECK_FALSE(rejection.at("caught_by").empty());
  }
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
  auto constants = nlohmann::json::parse(text);
  constants.at("claims").at("KF").at("constants").at("ratio") = 0.5;
  write_file(file, constants.dump());
  const auto moved = test::run_program(command, scratch.path());
  CHECK(moved.exit_code == 1);
  CHECK_THAT(moved.err, Catch::Contains("differs from the baseline: KF: constant: ratio: 0.5"));
  constants["baseline_version"] = 3;
  write_file(file, constants.dump());
  const auto later = test::run_program(command, scratch.path());
  CHECK(later.exit_code == 2);
  CHECK_THAT(later.err, Catch::Contains("baseline_version = 3"));
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
