// SPDX-License-Identifier: Apache-2.0
// `alignproof law` and the reduced form of `simulate` as a user meets them.
#include <algorithm>
#include <string>

#include <alignproof/network/data_source.hpp>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::run_program;
using test::TemporaryFolder;

TEST_CASE("law prints the law, measures widths and writes its files", "[cli]") {
  const TemporaryFolder scratch;
  const std::string out = (scratch.path() / "law").string();
  const auto ended = run_program(
      "law --inputs isometric --n 2 --d 2 --lambda 1.5 --eta 0.05 --tau 1.2 --widths 1000,10000 "
      "--seeds 20 --out " +
          out,
      scratch.path());
  CHECK(ended.exit_code == 0);
  CHECK_THAT(ended.out, Catch::Contains("closed") && Catch::Contains("stability is lost at") &&
                            Catch::Contains("-0.5 is proved"));
  for (const std::string& line : {std::string("law.csv"), std::string("widths.csv")})
    CHECK_THAT(read_file(out + "/" + line), Catch::Contains("cosine"));
  CHECK_THAT(read_file(out + "/law.svg"), Catch::Contains("<svg"));
  CHECK_THAT(read_file(out + "/law-order.svg"), Catch::Contains("<svg"));
  // The same whatever the number of threads is.
  const auto alone = run_program(
      "law --inputs isometric --n 2 --d 2 --lambda 1.5 --eta 0.05 --tau 1.2 --widths 1000,10000 "
      "--seeds 20 --jobs 1",
      scratch.path());
  CHECK(alone.out == ended.out);
}

TEST_CASE("law takes K itself and agrees with the data that it came from", "[cli]") {
  const TemporaryFolder scratch;
  const std::string file = (scratch.path() / "K.csv").string();
  write_file(file, "2,1,1\n1,3,-1\n");
  const auto from_K = run_program("law --points 1 --kernel " + file, scratch.path());
  CHECK(from_K.exit_code == 0);
  CHECK_THAT(from_K.out, Catch::Contains("eigenvalues 1.38197 to 3.61803"));
}

TEST_CASE("law refuses bad input in one line", "[cli]") {
  const TemporaryFolder scratch;
  const std::string file = (scratch.path() / "K.csv").string();
  const auto refused = [&](const std::string& arguments, const std::string& value) {
    const auto ended = run_program(arguments, scratch.path());
    INFO(arguments << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK_THAT(ended.err, Catch::Contains(value));
  };
  refused("law --lambda 0", "lambda = 0");
  refused("law --lambda -1", "lambda = -1");
  refused("law --tau -0.5", "tau = -0.5");
  refused("law --tau nan", "tau = nan");
  refused("law --eta 0", "eta = 0");
  refused("law --outputs 2 --targets classes", "outputs = 2");
  refused("law --widths 1000", "widths = one");
  refused("law --widths 10,0", "width = 0");
  refused("law --tau 200 --widths 10,1000000000000000", "width = 1000000000000000");
  refused("law --widths 10,100 --seeds 3", "seeds = 3");
  // Whatever else says where data come from, of every source there is.
  for (const DataSource& source : data_sources()) {
    const std::string option(source.option);
    if (!option.empty())
      refused("law --kernel " + file + " " + option + " t" + (source.paths > 1 ? " t" : ""),
              option + " excludes --kernel");
  }
  for (const char* other : {"--n 3", "--target 1", "--inputs sphere", "--data-seed 2"})
    refused("law --kernel " + file + " " + other, "excludes --kernel");
  write_file(file, "1,2,1\n2,1,1\n");
  refused("law --kernel " + file, "eigenvalue -0.99999999");
  write_file(file, "1,0.5,1\n0.25,1,1\n");
  refused("law --kernel " + file, "symmetric");
  write_file(file, "1,2\n");
  CHECK(run_program("law --kernel " + file, scratch.path()).exit_code == 0);
  write_file(file, "1,2,3,4\n1,2,3,4\n");
  refused("law --kernel " + file, "2 rows of 4 numbers");
}

TEST_CASE("the reduced form runs at any width and refuses what it cannot", "[cli]") {
  const TemporaryFolder scratch;
  const auto wide = run_program(
      "simulate --form reduced --weights wishart --activation identity --lambda 1 --width "
      "1000000000000 --steps 5 --every 5",
      scratch.path());
  CHECK(wide.exit_code == 0);
  CHECK_THAT(wide.out, Catch::Contains("\n5,"));
  const auto balls = run_program(
      "simulate --form reduced --number ball --activation identity --steps 3", scratch.path());
  CHECK_THAT(balls.out, Catch::Contains("cosine_lower"));
  const auto refused = [&](const std::string& arguments, const std::string& value) {
    const auto ended = run_program("simulate " + arguments, scratch.path());
    INFO(arguments << ": " << ended.err);
    CHECK(ended.exit_code == 2);
    CHECK(std::count(ended.err.begin(), ended.err.end(), '\n') == 1);
    CHECK_THAT(ended.err, Catch::Contains(value));
  };
  refused("--form reduced", "activation");
  refused("--form reduced --activation identity --rule bp", "rule = bp");
  refused("--weights wishart", "weights = wishart");
  refused("--number ball", "number = ball");
  refused("--form reduced --activation identity --width 1000000000000", "p = 1000000000000");
  refused("--form reduced --weights wishart --activation identity --width 10000000000000000",
          "10000000000000000");
}
