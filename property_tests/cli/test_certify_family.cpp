// SPDX-License-Identifier: Apache-2.0
// certify --seeds and --radius as a user meets them.
#include <filesystem>
#include <string>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

constexpr const char* small = "certify --n 2 --d 6 --width 60 --eta 0.5 --steps 400 ";

}  // namespace

TEST_CASE("certify --seeds proves a statement for each seed, and goes on where it was", "[cli]") {
  const test::TemporaryFolder scratch;
  const std::string folder = (scratch.path() / "family").string();
  const std::string command =
      std::string(small) + "--seeds 4 --formal-checker none --out " + folder;
  const auto first = test::run_program(command + " --jobs 1", scratch.path());
  INFO(first.err << first.out);
  CHECK(first.exit_code == 0);
  CHECK_THAT(first.out,
             Catch::Contains("declared for the seeds 1 to 4: T1; T2 with kappa = 4;\n") &&
                 Catch::Contains("proved on 4 of 4 seeds (checker)\n"));
  const std::string summary = read_file(scratch.path() / "family" / "family.json");
  std::filesystem::remove_all(scratch.path() / "family" / "seed-3");
  write_file(scratch.path() / "family" / "seed-2" / "y.npy", "spoilt");
  const auto second = test::run_program(command + " --jobs 2", scratch.path());
  CHECK(second.exit_code == 0);
  CHECK_THAT(second.out, Catch::Contains("2 certificates of an earlier run are unchanged") &&
                             Catch::Contains("made again: seed 2: ") &&
                             Catch::Contains("proved on 4 of 4 seeds (checker)\n"));
  CHECK(read_file(scratch.path() / "family" / "family.json") == summary);
}

TEST_CASE("the formal checker is not asked about a family of version 3", "[cli]") {
  const test::TemporaryFolder scratch;
  const auto ended = test::run_program(
      std::string(small) + "--rule bp --seeds 2 --out " + (scratch.path() / "bp").string(),
      scratch.path());
  INFO(ended.err << ended.out);
  CHECK(ended.exit_code == 0);
  CHECK_THAT(ended.out, Catch::Contains("proved on 2 of 2 seeds (checker)\n"));
}

TEST_CASE("certify --seeds says on which seeds nothing closes", "[cli]") {
  const test::TemporaryFolder scratch;
  const auto ended =
      test::run_program("certify --n 2 --d 6 --width 60 --eta 0.5 --steps 1 --seeds 2 --out " +
                            (scratch.path() / "none").string(),
                        scratch.path());
  CHECK(ended.exit_code == 3);
  CHECK_THAT(ended.out,
             Catch::Contains("seed 2: undecided (") && Catch::Contains("proved on 0 of 2 seeds\n"));
}

TEST_CASE("certify refuses what a family or a radius cannot be, in one line", "[cli]") {
  const test::TemporaryFolder scratch;
  const std::string folder = (scratch.path() / "none").string();
  const auto refused = [&](const std::string& options, const std::string& why) {
    const auto ended =
        test::run_program(std::string(small) + options + " --out " + folder, scratch.path());
    INFO(options << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK_THAT(ended.err, Catch::Contains(why));
    CHECK_FALSE(std::filesystem::exists(folder));
  };
  refused("--seeds 0", "seeds = 0 is not accepted: give a whole number >= 1");
  refused("--seeds 100001", "seeds = 100001 is not accepted: give 1 to 100000");
  refused("--seeds many", "'many' is not accepted");
  refused("--seeds 2 --jobs 0", "jobs = 0 is not accepted");
  refused("--jobs 2", "jobs = 2 is not accepted: give --seeds with it");
  refused("--seeds 2 --feedback parallel", "feedback of a family");
  refused("--seeds 2 --initial-scale 2", "initial scale of a family = 2 is not accepted");
  refused("--seeds 2 --zero-error", "zero error in a family");
  refused("--seeds 2 --export-coq file.v", "export-coq");
  for (const char* more : {"--rows", "--limit", "--threshold 0.1"})
    refused(std::string("--seeds 2 ") + more,
            "option = '--seeds' is not accepted: give it without --rows, --limit and --threshold");
  for (const char* other : {"--outputs 2", "--rule bp"})
    refused(std::string("--form drift ") + other,
            "form = 'drift' is not accepted: give rate with --outputs above 1 or --rule bp");
  refused("--radius -1", "radius = '-1' is not accepted: give a number >= 0, or largest");
  refused("--radius large", "radius = 'large' is not accepted: give a number >= 0, or largest");
  refused("--radius ''", "radius = '' is not accepted");
  refused("--radius nan", "radius = 'nan' is not accepted");
}

TEST_CASE("certify --radius largest proves a neighbourhood and says how likely it is", "[cli]") {
  const test::TemporaryFolder scratch;
  const auto ended = test::run_program(std::string(small) + "--radius largest --formal-checker " +
                                           "none --out " + (scratch.path() / "around").string(),
                                       scratch.path());
  INFO(ended.err << ended.out);
  CHECK(ended.exit_code == 0);
  CHECK_THAT(ended.out, Catch::Contains("all this holds of every start within ") &&
                            Catch::Contains("probability"));
}
