// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/published.hpp>

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "property.hpp"

using namespace alignproof;
using Catch::Matchers::Contains;

namespace {

/// Twenty runs about this mean, a hundredth apart.
std::vector<double> about(double mean) {
  std::vector<double> values;
  for (int i = 0; i < 20; ++i) values.push_back(mean + 0.01 * (i % 5 - 2));
  return values;
}

const TableCell at_100{"identity", 0.2, 100}, at_200{"identity", 0.2, 200},
    at_400{"identity", 0.2, 400}, of_relu{"relu", 0, 100};

std::string error_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

RunTable reference_with(const std::string& lines) {
  RunTable table;
  table.add("reference", "width,reg,activation,alignment\n" + lines);
  return table;
}

}  // namespace

TEST_CASE("cells of two tables are equivalent, different, or neither", "[sweeps][published]") {
  const TableCells theirs = {
      {at_100, about(0.5)}, {at_200, about(0.5)}, {at_400, about(0.5)}, {of_relu, {0.5, 0.6}}};
  const TableCells ours = {
      {at_100, about(0.51)}, {at_200, about(0.7)}, {at_400, about(0.55)}, {of_relu, {0.5}}};
  const TableComparison found = compare_tables(theirs, ours, 0.05, 0.05);
  REQUIRE(found.cells.size() == 4);
  CHECK(found.cells[0].verdict.kind() == VerdictKind::holds);
  CHECK(found.cells[1].verdict.kind() == VerdictKind::refuted);
  CHECK(found.cells[2].verdict.kind() == VerdictKind::undecided);
  CHECK(found.cells[3].verdict.kind() == VerdictKind::undecided);
  CHECK(found.cells[0].verdict.detail() == "margin 0.05 at level 0.05");
  CHECK(found.cells[0].means.difference == Approx(0.01));
  CHECK(std::isnan(found.cells[3].means.difference));
  CHECK(found.without_mean == 1);
  CHECK(found.count(VerdictKind::undecided) == 2);
  CHECK(found.verdicts().size() == 4);
  // The least p-value of the family of four is multiplied by four.
  const MeanComparison alone = compare_means(ours.at(at_100), theirs.at(at_100), 0.05, 0.05);
  CHECK(found.cells[0].p_apart == Approx(4 * alone.p_apart));

  const std::string lines = table(found);
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 5);
  CHECK_THAT(lines, Contains("\nidentity,0.2,100,20,20,0.5,") && Contains(",holds\n"));
  CHECK_THAT(lines, Contains("\nrelu,0,100,2,1,0.55,0.5,nan,nan,nan,1,1,undecided\n"));
}

TEST_CASE("a run that never ended leaves its cell without a mean", "[sweeps][published]") {
  CHECK(has_mean({0.1, 0.2}));
  CHECK_FALSE(has_mean({0.1}));
  CHECK_FALSE(has_mean({0.1, 0.2, std::nan("")}));
  std::vector<double> unsettled = about(0.5);
  unsettled[7] = std::nan("");
  const auto found = compare_tables({{at_100, about(0.5)}}, {{at_100, unsettled}}, 0.05, 0.05);
  CHECK(found.cells[0].verdict.kind() == VerdictKind::undecided);
  CHECK(found.without_mean == 1);
}

TEST_CASE("a comparison has a margin and a level fixed beforehand", "[sweeps][published]") {
  CHECK_NOTHROW(require_comparable(0.05, 0.05));
  for (const auto& [margin, level] :
       {std::pair{0.0, 0.05}, std::pair{-1.0, 0.05}, std::pair{0.05, 0.0}, std::pair{0.05, 1.0},
        std::pair{0.05, 1e-13}, std::pair{std::nan(""), 0.05}}) {
    INFO(margin << " " << level);
    CHECK_THROWS_AS(require_comparable(margin, level), InputError);
    CHECK_THROWS_AS(compare_tables({}, {}, margin, level), InputError);
  }
}

TEST_CASE("cells that cannot be compared are named", "[sweeps][published]") {
  const TableCells theirs = {{at_100, about(0.5)}, {at_200, about(0.5)}, {at_400, {0.5}}};
  const TableCells ours = {{at_100, {}}, {at_400, {}}};
  const CellChoice choice = comparable_cells(theirs, ours, "the tables");
  CHECK(choice.compared == 1);
  CHECK(choice.lacking == std::vector{at_200});
  CHECK(choice.without_mean == std::vector{at_400});
  CHECK(in_words(choice.lacking) == "identity, penalty 0.2, width 200");
  const std::string six = in_words(std::vector<TableCell>(7, of_relu));
  CHECK_THAT(six, Catch::EndsWith("; and 2 more"));
  CHECK_THAT(error_of([&] {
               comparable_cells({{of_relu, about(0.5)}}, theirs, "the tables");
             }),
             Contains("relu, penalty 0, width 100") &&
                 Contains("cells that the tables have: identity with penalties 0.2 and widths "
                          "100, 200, 400"));
  CHECK_THAT(error_of([&] {
               comparable_cells({{at_400, {0.5}}}, theirs, "the tables");
             }),
             Contains("two runs or more"));
}

TEST_CASE("the ready sweeps of a reference are those that have its cells", "[sweeps][published]") {
  const RunTable reference =
      reference_with("50,0,non,0.1\n50,0,non,0.2\n77,0,relu,0.1\n77,0,relu,0.2\n100,0,tanh,0.1\n");
  const PlannedSweeps planned = sweeps_for(reference, "smoke", 3);
  REQUIRE(planned.sweeps.size() == 1);
  CHECK(planned.sweeps[0].name == "alignment-linear");
  CHECK(planned.sweeps[0].runs.size() == 4 * 4 * 3);
  CHECK(planned.choice.compared == 1);
  CHECK(planned.choice.lacking == std::vector{TableCell{"relu", 0, 77}});
  CHECK(planned.choice.without_mean == std::vector{TableCell{"tanh", 0, 100}});
  CHECK(planned.whose == "the ready sweeps at scale smoke");
  CHECK_THAT(error_of([&] { sweeps_for(reference_with("50,0,gelu,0.1\n"), "smoke"); }),
             Contains("'gelu'") && Contains("alignment-PSI"));
  RunTable otherwise;
  otherwise.add("reference", "width,reg,activation,alignment,rule\n50,0,non,0.1,bp\n");
  CHECK_THAT(error_of([&] { sweeps_for(otherwise, "smoke"); }),
             Contains("bp, as in the reference"));
}

TEST_CASE("the figure of a comparison has a line of ours and points of theirs",
          "[sweeps][published]") {
  const TableCells theirs = {
      {at_100, about(0.5)}, {at_200, about(0.6)}, {at_400, about(0.7)}, {of_relu, {0.5}}};
  const TableCells ours = {{at_100, about(0.5)}, {at_200, about(0.6)}};
  const Figure figure = figure_of(compare_tables(theirs, ours, 0.05, 0.05));
  REQUIRE(figure.series.size() == 3);  // of relu there is nothing of ours
  CHECK(figure.series[0].name == "ours, identity, penalty 0.2");
  CHECK(figure.series[0].x == std::vector<double>{100, 200});
  CHECK(figure.series[1].name == "reference, identity, penalty 0.2");
  CHECK(figure.series[1].x == std::vector<double>{100, 200, 400});
  CHECK(figure.series[1].style == Series::Style::points);
  CHECK(figure.series[1].low[0] < 0.5);
  CHECK(std::isnan(figure.series[2].low[0]));  // one run has no interval
  const Figure one = figure_of(compare_tables({{at_100, about(0.5)}}, ours, 0.05, 0.05));
  CHECK(one.series[0].name == "ours, penalty 0.2");
}
