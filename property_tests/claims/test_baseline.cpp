// SPDX-License-Identifier: Apache-2.0
// The expected verdict of every row and instance of the quick profile is a baseline; a change must
// be approved.
#include <filesystem>

#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// id -> {verdict, instances: name -> verdict}; details such as constants may move.
nlohmann::json verdicts_of(const nlohmann::json& report) {
  nlohmann::json verdicts;
  for (const auto& claim : report.at("claims")) {
    nlohmann::json& row = verdicts[claim.at("id").get<std::string>()];
    row["verdict"] = claim.at("verdict").at("kind");
    for (const auto& instance : claim.at("results"))
      row["instances"][instance.at("name").get<std::string>()] = instance.at("verdict").at("kind");
  }
  return verdicts;
}

}  // namespace

TEST_CASE("verify --profile quick gives the verdicts of the baseline", "[claims]") {
  const test::TemporaryFolder scratch;
  const auto ended = test::run_program(
      "verify --profile quick --seed 1 --format json --out " + (scratch.path() / "report").string(),
      scratch.path());
  const auto baseline =
      nlohmann::json::parse(read_file(ALIGNPROOF_SOURCE_DIR "/reports/baselines/quick.json"));
  const auto verdicts = verdicts_of(nlohmann::json::parse(ended.out));
  write_file("quick-verdicts.json",
             verdicts.dump(2) + "\n");  // what to approve, in the folder of the test
  CHECK(verdicts == baseline);
  CHECK(ended.exit_code == 0);
}
