// SPDX-License-Identifier: Apache-2.0
// What doubles found and the checker does not accept is looked for again with more digits: outputs
// of size 1e6 that start near their targets, so that |e(t)| is the difference of large numbers and
// a run in doubles does not know it to the digits that the certificate claims.
#include <string>

#include <alignproof/network/data.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

/// Writes X and y, and returns the command about them.
std::string near_large_targets(const std::filesystem::path& folder) {
  Data data = make_data({.n = 2, .d = 5});
  for (double& x : data.X.values) x *= 1e6;
  NetworkSpec network{.p = 64, .activation = Activation::identity, .eta = 2e-13, .penalty = {}};
  network.seed = 1, network.zero_error = true;
  Array y({2});
  for (std::size_t i = 0; i < 2; ++i)
    y(i) = make_instance(data, network).y.values[i] + (i == 0 ? 0.5 : -0.25);
  write_npy(folder / "X.npy", data.X);
  write_npy(folder / "y.npy", y);
  return "certify --npy " + (folder / "X.npy").string() + " " + (folder / "y.npy").string() +
         " --activation identity --width 64 --eta 2e-13 --steps 300 --first 120 --seed 1" +
         " --formal-checker none --out " + (folder / "c").string();
}

}  // namespace

TEST_CASE("certify takes more digits where the checker does not accept those of doubles", "[cli]") {
  const test::TemporaryFolder scratch;
  const std::string command = near_large_targets(scratch.path());
  const auto ended = test::run_program(command, scratch.path());
  INFO(ended.err << ended.out);
  CHECK(ended.exit_code == 0);
  const std::size_t refused = ended.out.find("verdict:   fails:"),
                    again = ended.out.find("again, with 40 digits:"),
                    found = ended.out.find("found with 40 digits"),
                    proved = ended.out.find("verdict:   proved:");
  REQUIRE(proved != std::string::npos);
  CHECK((refused < again && again < found && found < proved));
  CHECK(ended.out.find("again, with 100 digits:") == std::string::npos);
  // What is left in the folder is what was proved.
  const auto checked = test::run_program("certify --no-check" + command.substr(7), scratch.path());
  CHECK(checked.exit_code == 2);
  CHECK_THAT(checked.err, Catch::Contains("/c'"));
}

TEST_CASE("of a family each member takes the digits that the checker asks for", "[cli]") {
  const test::TemporaryFolder scratch;
  const auto ended =
      test::run_program(near_large_targets(scratch.path()) + " --seeds 2 --jobs 1", scratch.path());
  INFO(ended.err << ended.out);
  CHECK(ended.exit_code == 0);
  CHECK_THAT(ended.out, Catch::Contains("proved on 2 of 2 seeds (checker)\n"));
}
