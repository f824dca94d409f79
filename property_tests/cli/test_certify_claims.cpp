// SPDX-License-Identifier: Apache-2.0
// certify with rows, the limit and thresholds: what it says, and what it refuses before any work.
#include <alignproof/format/certificate.hpp>

#include <fmt/format.h>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

TEST_CASE("certify claims rows, T1 as published, the limit and times", "[cli]") {
  const test::TemporaryFolder scratch;
  const std::string folder = (scratch.path() / "c").string();
  const auto ended = test::run_program(
      "certify --n 2 --d 10 --width 200 --steps 400 --rows --limit --threshold 0.5,1e-2 "
      "--threshold 1e-9 --formal-checker none --out " +
          folder,
      scratch.path());
  INFO(ended.err);
  CHECK(ended.exit_code == 0);
  for (const char* words :
       {"rows: every |w_r(t) - w_r(0)| <= ", "T1 as published, for all r and t",
        "limit: beta(t) converges, ", "|e(t)| > 0.5 for t < ", "proved (checker)"})
    CHECK_THAT(ended.out, Catch::Contains(words));
  const RunCertificate c = read_certificate(folder);
  CHECK(version_of(c) == 3);
  REQUIRE(c.whole_run.times.size() == 3);
  CHECK(c.whole_run.times[2].threshold == 1e-9);
  CHECK(c.whole_run.rows->published.has_value());
}

TEST_CASE("certify claims them with several outputs and for backpropagation too", "[cli]") {
  for (const char* network : {"--outputs 3", "--rule bp"}) {
    const test::TemporaryFolder scratch;
    const std::string folder = (scratch.path() / "c").string();
    const auto ended = test::run_program(
        fmt::format("certify {} --n 3 --d 30 --width 200 --steps 1500 --rows --limit "
                    "--threshold 0.1,1e-6 --formal-checker none --out {}",
                    network, folder),
        scratch.path());
    INFO(network << ": " << ended.err);
    CHECK(ended.exit_code == 0);
    CHECK_THAT(ended.out, Catch::Contains("proved (checker)"));
    const RunCertificate c = read_certificate(folder);
    CHECK(c.whole_run.rows.has_value());
    CHECK(c.whole_run.limit.has_value());
    CHECK(c.whole_run.times.size() == 2);
  }
}

TEST_CASE("certify refuses what does not fit rows, the limit and thresholds", "[cli]") {
  const test::TemporaryFolder scratch;
  const auto refused = [&](const std::string& options, const std::string& words) {
    const std::string folder = (scratch.path() / "c").string();
    const auto ended = test::run_program(
        "certify --n 2 --width 50 --no-check " + options + " --out " + folder, scratch.path());
    INFO(options);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK_THAT(ended.err, Catch::Contains(words));
    CHECK_FALSE(std::filesystem::exists(folder));
  };
  refused("--threshold 0.1,0", "threshold = 0 is not accepted: give numbers > 0");
  refused("--threshold=-1", "threshold");
  refused("--threshold 0.1,x", "'x'");
  refused("--threshold inf", "threshold");
  refused("--rows --from checkpoint", "initialisation with --rows, --limit or --threshold");
  refused("--limit --export-coq " + (scratch.path() / "c.v").string(),
          "it without --rows, --limit and --threshold");
  std::string many = "--threshold 1";
  for (int k = 0; k < 100; ++k) many += ",1";
  refused(many, "number of thresholds = 101 is not accepted: give at most 100");
}
