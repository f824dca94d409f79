// SPDX-License-Identifier: Apache-2.0
// Learning rules as the user of the command meets them.
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;
using test::run_program;
using test::TemporaryFolder;

namespace {

constexpr const char* all_names[] = {"fa", "bp", "shallow", "sign-symmetric", "kolen-pollack"};

/// The column of a CSV with a heading, at its last line.
double last(const std::string& csv, std::size_t column) {
  std::istringstream lines(csv);
  std::string line, cell;
  for (std::string next; std::getline(lines, next);) line = next;
  std::istringstream cells(line);
  for (std::size_t k = 0; k <= column; ++k) std::getline(cells, cell, ',');
  return std::stod(cell);
}

constexpr std::size_t cosine_column = 3;

}  // namespace

TEST_CASE("simulate runs every rule, exactly the same in both forms", "[cli][rules]") {
  const TemporaryFolder scratch;
  std::vector<std::string> seen;
  for (const std::string name : all_names) {
    const std::string run = "simulate --rule " + name +
                            " --number exact --activation relu --n 2 --d 2 --width 3 --outputs 2 "
                            "--steps 3 --lambda 0.5 --eta 0.25";
    const auto kernel = run_program(run, scratch.path()),
               weight = run_program(run + " --form weight", scratch.path());
    INFO(name);
    CHECK(kernel.exit_code == 0);
    CHECK(kernel.out == weight.out);
    for (const std::string& other : seen) CHECK(kernel.out != other);
    seen.push_back(kernel.out);
    for (const char* number : {"float", "double", "mpfr", "bin_float"})
      CHECK(run_program(
                "simulate --rule " + name + " --width 5 --n 2 --d 2 --steps 2 --number " + number,
                scratch.path())
                .exit_code == 0);
  }
}

TEST_CASE("by Kolen and Pollack's rule b aligns with beta under a penalty, without one it does not",
          "[cli][rules]") {
  const TemporaryFolder scratch;
  const std::string run = "simulate --rule kolen-pollack --n 3 --d 10 --width 400 --steps 300";
  CHECK(last(run_program(run + " --lambda 0.5", scratch.path()).out, cosine_column) > 0.9999);
  CHECK(last(run_program(run, scratch.path()).out, cosine_column) < 0.3);
}

TEST_CASE("the help of simulate lists every rule", "[cli][rules]") {
  const TemporaryFolder scratch;
  const std::string help = run_program("simulate --help", scratch.path()).out;
  for (const char* name : all_names) CHECK_THAT(help, Catch::Contains(name));
}

TEST_CASE("certify takes the rules of the theorem and refuses others before any work",
          "[cli][rules]") {
  const TemporaryFolder scratch;
  for (const std::string name : {"shallow", "sign-symmetric", "kolen-pollack"}) {
    const auto ended = run_program("certify --rule " + name + " --out c", scratch.path());
    CHECK(ended.exit_code == 2);
    CHECK(ended.err == "alignproof: rule = '" + name +
                           "' is not accepted: give fa or bp, of which Theorem A speaks\n");
    CHECK_FALSE(std::filesystem::exists(scratch.path() / "c"));
    const auto reduced =
        run_program("simulate --form reduced --activation identity --rule " + name, scratch.path());
    CHECK(reduced.exit_code == 2);
    CHECK_THAT(reduced.err, Catch::Contains("give fa: no other rule has a reduced form"));
  }
}
