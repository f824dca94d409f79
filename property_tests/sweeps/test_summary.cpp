// SPDX-License-Identifier: Apache-2.0
// Summaries of sweeps that are not finished.
#include <alignproof/sweeps/summary.hpp>

#include <cmath>

#include "property.hpp"

using namespace alignproof;
using Catch::Matchers::Contains;

namespace {

Sweep rules() {
  return read_sweep("name = \"a\"\n[run]\nrule = [\"fa\", \"bp\"]\nwidth = [10, 20]\nseeds = 3\n",
                    "full");
}

/// The seeds differ by 100, the rules by 2.
RunResult result_of(const RunSpec& run) {
  const auto& spec = std::get<RegressionSpec>(run);
  RunResult result;
  result.end.loss = 100 * static_cast<double>(spec.seed) + (spec.learning == Rule::fa ? 2 : 0);
  result.end.alignment = static_cast<double>(spec.width);
  return result;
}

bool is(const RunSpec& run, std::size_t width, const LearningRule& rule, std::uint64_t seed) {
  const auto& spec = std::get<RegressionSpec>(run);
  return spec.width == width && spec.learning == rule && spec.seed == seed;
}

}  // namespace

TEST_CASE("a summary of an unfinished sweep shows what is there", "[sweeps]") {
  const Sweep sweep = rules();
  REQUIRE(sweep.runs.size() == 12);
  std::vector<std::optional<RunResult>> results;
  for (const RunSpec& run : sweep.runs) {
    const bool missing = is(run, 10, Rule::fa, 1) || is(run, 10, Rule::bp, 3) ||
                         std::get<RegressionSpec>(run).width == 20;
    results.push_back(missing ? std::nullopt : std::optional(result_of(run)));
  }
  const Simulation s = summarise(sweep, results);
  CHECK_THAT(s.note, Contains("8 of 12 runs are missing"));
  // The width varies in the grid, though only one of its values is there yet.
  CHECK(s.keys == std::vector<std::string>{"$p$", "rule"});
  REQUIRE(s.cells.size() == 2);
  CHECK(s.cells[0].keys == std::vector<std::string>{"10", "FA"});
  CHECK(s.cells[0].runs == 2);
  CHECK(s.cells[0].values[0].value == 252);
  // Only seed 2 is there on both sides.
  CHECK(s.cells[0].values[2].value == 2);
  CHECK_FALSE(s.cells[0].values[2].interval);
}

TEST_CASE("a finished sweep has one summary, however its results are given", "[sweeps]") {
  const Sweep sweep = rules();
  std::vector<RunResult> results;
  for (const RunSpec& run : sweep.runs) results.push_back(result_of(run));
  const Simulation whole = summarise(sweep, results);
  const Simulation same =
      summarise(sweep, std::vector<std::optional<RunResult>>(results.begin(), results.end()));
  CHECK(same.note == whole.note);
  REQUIRE(same.cells.size() == whole.cells.size());
  for (std::size_t c = 0; c < whole.cells.size(); ++c) {
    CHECK(same.cells[c].values[0].value == whole.cells[c].values[0].value);
    CHECK(same.cells[c].values[0].interval == whole.cells[c].values[0].interval);
  }
  CHECK(whole.title == "a");  // its name, where a configuration has no title
  CHECK(whole.figures.at(0).title == "a");
}
