// SPDX-License-Identifier: Apache-2.0
// `alignproof kernel` as a user meets it.
#include <algorithm>
#include <filesystem>
#include <string>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::run_program;
using test::TemporaryFolder;

TEST_CASE("kernel prints enclosures, in text, JSON and CSV", "[cli]") {
  const TemporaryFolder scratch;
  const std::string csv = (scratch.path() / "Gbar.csv").string();
  const auto text = run_program("kernel --n 3 --d 4 --out " + csv, scratch.path());
  CHECK(text.exit_code == 0);
  CHECK_THAT(text.out, Catch::Contains("gamma               [6.347688108214307452546918") &&
                           Catch::Contains("positive definite   enclosed") &&
                           !Catch::Contains("proved"));
  CHECK_THAT(read_file(csv), Catch::Contains("i,j,Gbar,radius\n1,1,"));
  const auto singular = run_program("kernel --inputs repeated --format json", scratch.path());
  CHECK(singular.exit_code == 0);
  CHECK_THAT(singular.out, Catch::Contains("rows 1 and 5 of X are equal") &&
                               Catch::Contains("\"condition_number\": null"));
  const auto concentrated =
      run_program("kernel --n 2 --d 3 --concentration --seeds 20 --widths 16,64", scratch.path());
  CHECK(concentrated.exit_code == 0);
  CHECK_THAT(concentrated.out, Catch::Contains("exponent in p: "));
  const auto help = run_program("kernel --help", scratch.path());
  CHECK_THAT(help.out, Catch::Contains("Example"));
}

TEST_CASE("kernel --certify has bounds of gamma proved", "[cli]") {
  const TemporaryFolder scratch;
  const auto certified = [&](const std::string& name, const std::string& arguments) {
    return run_program("kernel --certify " + (scratch.path() / name).string() + " " + arguments,
                       scratch.path());
  };
  for (const std::string activation :
       {"identity", "tanh", "relu", "sigmoid", "softplus", "erf", "gelu"}) {
    const auto ended = certified(activation, "--n 3 --d 4 --activation " + activation);
    INFO(activation << ": " << ended.out << ended.err);
    CHECK(ended.exit_code == 0);
    CHECK_THAT(ended.out, Catch::Contains("\nimplies:   proved: gamma of " + activation) &&
                              Catch::Contains("\ngamma >= ") &&
                              Catch::EndsWith(": proved (checker)\n"));
  }
  for (const std::string activation : {"silu", "arctan"}) {
    const auto refused = certified(activation, "--n 3 --d 4 --activation " + activation);
    CHECK(refused.exit_code == 2);
    CHECK(refused.out.empty());
    CHECK_THAT(refused.err, Catch::Contains("a limit kernel, which " + activation + " lacks: "));
    CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') == 1);
    CHECK_FALSE(std::filesystem::exists(scratch.path() / activation));
  }
  // gamma = 0: as the rows show it, or bounded.
  const auto rows = certified("rows", "--inputs repeated");
  CHECK(rows.exit_code == 0);
  CHECK_THAT(rows.out, Catch::EndsWith("\ngamma = 0: proved (checker)\n"));
  const std::string parallel = (scratch.path() / "parallel.csv").string();
  write_file(parallel, "1,2,1\n2,4,1\n");
  const auto bounded = certified("bounded", "--activation relu --csv " + parallel);
  CHECK(bounded.exit_code == 0);
  CHECK_THAT(bounded.out,
             Catch::Contains("\n0 <= gamma <= ") && Catch::EndsWith("e-30: proved (checker)\n"));
  // Not known to be positive: a proof of 0 <= gamma decides nothing.
  const std::string tiny = (scratch.path() / "tiny.csv").string();
  write_file(tiny, "1e-300,0,1\n0,1e-300,1\n");
  const auto open = certified("open", "--activation softplus --csv " + tiny);
  CHECK(open.exit_code == 3);
  CHECK_THAT(open.out,
             Catch::Contains("\n0 <= gamma <= ") && Catch::EndsWith(": proved (checker)\n"));

  const auto unchecked = certified("unchecked", "--n 3 --no-check");
  CHECK(unchecked.exit_code == 3);
  CHECK_THAT(unchecked.out, Catch::Contains("run alignproof-check ") &&
                                Catch::EndsWith(": undecided (not checked)\n"));
  const auto json = certified("json", "--n 3 --format json");
  CHECK(json.exit_code == 0);
  CHECK_THAT(json.out, Catch::Contains("\"verdict\": \"proved\""));
}

TEST_CASE("kernel refuses bad input in one line", "[cli]") {
  const auto refused = [](const std::string& arguments, const std::string& value) {
    const TemporaryFolder scratch;
    const auto ended = run_program("kernel " + arguments, scratch.path());
    INFO(arguments);
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK_THAT(ended.err, Catch::Contains(value));
  };
  refused("--digits 3", "digits = 3");
  refused("--digits 9999", "digits = 9999");
  refused("--n 1000000000000", "n = 1000000000000 with 30 digits");
  refused("--format xml", "xml");
  refused("--concentration --seeds 2", "seeds = 2");
  refused("--concentration --widths 16", "widths = 16");
  refused("--concentration --widths 16,0", "widths = 0");
  refused("--concentration --outputs 2", "'--outputs'");
  refused("--digits -1", "digits = -1");
  refused("--digits 1000000000", "digits = 1000000000");
  refused("--n 0", "n = 0");
  refused("--csv missing.csv", "missing.csv");
  refused("--no-check", "--certify");
  refused("--certify ''", "--certify = '' is not accepted");
  refused("--certify .", "certificate folder = '.'");
  refused("--certify /dev/null", "/dev/null");
  refused("--certify /proc/x/y", "/proc/x");
  refused("--input-scale 1e160 --activation relu --certify new", "gamma = > 1.7e308");
}
