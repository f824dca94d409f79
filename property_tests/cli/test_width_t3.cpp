// SPDX-License-Identifier: Apache-2.0
// `alignproof width --theorem t3` as a user meets it.
#include <algorithm>
#include <cmath>
#include <string>

#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::run_program;
using test::TemporaryFolder;

namespace {

const std::string constants =
    "width --theorem t3 --activation identity --from-constants --n 5 --gamma 1 --y-norm "
    "2.23606797749979 --lambda 1 --tau 1.8 --level 0.5 ";

double number(const nlohmann::json& text) {
  return std::stod(text.get<std::string>());
}

}  // namespace

TEST_CASE("width t3 prints a width, its terms and a table", "[cli]") {
  const TemporaryFolder scratch;
  const auto ended =
      run_program(constants + "--at 10000,1000000,10000000 --runs 2", scratch.path());
  CHECK(ended.exit_code == 0);
  CHECK_THAT(ended.out, Catch::Contains("width_sufficient: ") && Catch::Contains("e(0)") &&
                            Catch::Contains("cosine 0.827930") &&
                            Catch::Contains("not: |P| <= eps before the cut") &&
                            Catch::Contains("0.790926") && Catch::Contains("0.822420"));
  std::size_t longest = 0, begin = 0;
  for (std::size_t end = 0; (end = ended.out.find('\n', begin)) != std::string::npos;
       begin = end + 1)
    longest = std::max(longest, end - begin);
  CHECK(longest <= 80);
}

TEST_CASE("the runs of width t3 are of the seeds from --seed on", "[cli]") {
  const TemporaryFolder scratch;
  const auto least = [&](const std::string& seeds) {
    const auto ended =
        run_program(constants + "--format json --at 10000 --runs " + seeds, scratch.path());
    REQUIRE(ended.exit_code == 0);
    return nlohmann::json::parse(ended.out)["widths"][0]["least_cosine_of_runs"].get<double>();
  };
  const double first = least("1 --seed 7"), second = least("1 --seed 8");
  CHECK(first != second);
  CHECK(least("2 --seed 7") == std::min(first, second));
  CHECK(least("1") == least("1 --seed 1"));
}

TEST_CASE("width t3 in JSON: the level is met at the width and no larger one", "[cli]") {
  const TemporaryFolder scratch;
  const auto ended = run_program(constants + "--format json --at 1000000 --runs 3", scratch.path());
  REQUIRE(ended.exit_code == 0);
  const nlohmann::json json = nlohmann::json::parse(ended.out);
  CHECK(number(json["width_sufficient"]["cosine"]["lower"]) >= 0.5);
  // One unit less, which changes the cosine by about 4e-6 there, is not enough.
  CHECK(number(json["width_sufficient"]["cosine"]["upper"]) < 0.5 + 1e-5);
  CHECK(json["width_sufficient"]["p"].get<double>() < 1e6);
  const nlohmann::json& row = json["widths"][0];
  CHECK(row["least_cosine_of_runs"].get<double>() > number(row["cosine"]["upper"]));
  double rho = 0;
  for (const auto& part : row["rho_parts"]) rho += number(part["upper"]);
  CHECK(std::abs(rho - number(row["rho"]["upper"])) < 1e-12);
}

TEST_CASE("width t3 takes isometric data and gives what their constants give", "[cli]") {
  const TemporaryFolder scratch;
  const auto ended = run_program(
      "width --theorem t3 --activation identity --inputs isometric --n 3 --d 4 --lambda 1 --level "
      "0.1 --format json",
      scratch.path());
  REQUIRE(ended.exit_code == 0);
  const nlohmann::json json = nlohmann::json::parse(ended.out);
  CHECK(std::abs(json["gamma"].get<double>() - 1) < 1e-12);
  CHECK(json["n"].get<double>() == 3);
}

TEST_CASE("width t3 refuses what T3 is not about in one line", "[cli]") {
  const TemporaryFolder scratch;
  const auto refused = [&](const std::string& arguments, const std::string& words) {
    CAPTURE(arguments);
    const auto ended = run_program(arguments, scratch.path());
    CHECK(ended.exit_code == 2);
    CHECK(ended.out.empty());
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK_THAT(ended.err, Catch::Contains(words));
  };
  const std::string t3 = "width --theorem t3 --lambda 1 --activation ";
  refused(t3 + "identity --n 3 --d 10", "|K - gamma I| = ");
  refused(t3 + "tanh --inputs isometric", "identity: T3 is about linear networks");
  refused(t3 + "identity --inputs isometric --outputs 2", "1 for T3");
  refused(t3 + "identity --inputs isometric --rule bp", "fa for T3");
  refused(t3 + "identity --inputs isometric --level 0.99", "the alignment law's cosine");
  refused(t3 + "identity --inputs isometric --eta 0.5", "0 < eta < ");
  refused(t3 + "identity --inputs isometric --measure", "t1 together with --measure");
  refused(t3 + "identity --inputs isometric --at 0", "widths from 1 to 10^15");
  refused("width --theorem t3 --activation identity --inputs isometric", "lambda");
  refused(t3 + "identity --from-constants --gamma 1", "|y|, with --from-constants");
}
