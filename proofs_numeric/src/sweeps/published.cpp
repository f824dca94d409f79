// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/published.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/sweeps/store_files.hpp>

namespace alignproof::inline sweeps {

namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// "identity with penalties 0, 0.2 and widths 50, 100".
std::string grid_in_words(const TableCells& cells) {
  std::map<std::string, std::pair<std::set<double>, std::set<double>>> values;
  for (const auto& [cell, runs] : cells) {
    auto& [penalties, widths] = values[cell.activation];
    penalties.insert(cell.penalty), widths.insert(cell.width);
  }
  std::string words;
  for (const auto& [activation, of] : values)
    words += fmt::format("{}{} with penalties {} and widths {}", words.empty() ? "" : "; ",
                         activation, fmt::join(of.first, ", "), fmt::join(of.second, ", "));
  return words;
}

std::string ready_sweep_of(const std::string& activation) {
  return "alignment-" + (activation == "identity" ? std::string("linear") : activation);
}

Sweep planned_sweep(const std::string& activation, std::string_view scale,
                    const std::optional<std::int64_t>& seeds) {
  const std::string name = ready_sweep_of(activation);
  if (std::none_of(ready_sweeps().begin(), ready_sweeps().end(),
                   [&](const auto& ready) { return ready.first == name; }))
    throw InputError("activation of the reference", fmt::format("'{}'", one_line(activation)),
                     fmt::format("those of which there is a sweep {}", ready_sweep_of("PSI")));
  std::vector<std::string> settings;
  if (seeds) settings.push_back(fmt::format("seeds = {}", *seeds));
  return sweep_of(name, scale, {}, settings);
}

/// The table of a sweep's runs, all of them with results that say nothing: its grid.
RunTable grid_of(const Sweep& sweep) {
  RunTable grid;
  grid.add(sweep.name, table(sweep, std::vector<RunResult>(sweep.runs.size())));
  return grid;
}

/// Knows nothing.
MeanComparison no_comparison() {
  MeanComparison none;
  none.difference = none.lower = none.upper = unknown;
  return none;
}

Verdict verdict_of(const ComparedCell& cell, double margin, double level) {
  const std::string words = fmt::format("margin {} at level {}", margin, level);
  if (cell.p_apart <= level) return Verdict::holds(words);
  if (cell.p_close <= level) return Verdict::refuted(words);
  return Verdict::undecided(words);
}

}  // namespace

double mean_of(const std::vector<double>& values) {
  if (values.empty()) return unknown;
  double sum = 0;
  for (const double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}

void add_mean(Series& series, double x, const std::vector<double>& values) {
  const double mean = mean_of(values);
  const bool known = values.size() > 1 && std::isfinite(mean);
  const MeanInterval interval =
      known ? mean_interval(values, 0.05) : MeanInterval{unknown, unknown, unknown};
  series.x.push_back(x), series.y.push_back(mean);
  series.low.push_back(interval.lower), series.high.push_back(interval.upper);
}

bool has_mean(const std::vector<double>& alignments) {
  return alignments.size() >= 2 && std::all_of(alignments.begin(), alignments.end(),
                                               [](double x) { return std::isfinite(x); });
}

std::string in_words(const std::vector<TableCell>& cells) {
  constexpr std::size_t most = 5;
  std::string words;
  for (std::size_t i = 0; i < std::min(most, cells.size()); ++i)
    words += (i ? "; " : "") + in_words(cells[i]);
  return words + (cells.size() > most ? fmt::format("; and {} more", cells.size() - most) : "");
}

CellChoice comparable_cells(const TableCells& reference, const TableCells& ours,
                            const std::string& whose) {
  CellChoice choice;
  for (const auto& [cell, values] : reference)
    if (!ours.contains(cell))
      choice.lacking.push_back(cell);
    else if (!has_mean(values))
      choice.without_mean.push_back(cell);
    else
      ++choice.compared;
  if (choice.compared == 0 && choice.lacking.empty())
    throw InputError("cells of the reference", in_words(choice.without_mean),
                     "two runs or more of a cell, all of which ended");
  if (choice.compared == 0)
    throw InputError("cells of the reference", in_words(choice.lacking),
                     fmt::format("cells that {} have: {}", whose, grid_in_words(ours)));
  return choice;
}

PlannedSweeps sweeps_for(const RunTable& reference, std::string_view scale,
                         const std::optional<std::int64_t>& seeds) {
  std::set<std::string> activations;
  for (const auto& [cell, values] : reference.cells()) activations.insert(cell.activation);
  PlannedSweeps planned;
  planned.whose = fmt::format("the ready sweeps at scale {}", scale);
  TableCells whole;
  for (const std::string& activation : activations) {
    Sweep sweep = planned_sweep(activation, scale, seeds);
    const RunTable grid = grid_of(sweep);
    grid.require_alike(reference);
    whole.insert(grid.cells().begin(), grid.cells().end());
    if (std::any_of(reference.cells().begin(), reference.cells().end(), [&](const auto& cell) {
          return grid.cells().contains(cell.first) && has_mean(cell.second);
        }))
      planned.sweeps.push_back(std::move(sweep));
  }
  planned.choice = comparable_cells(reference.cells(), whole, planned.whose);
  return planned;
}

std::size_t TableComparison::count(VerdictKind kind) const {
  return static_cast<std::size_t>(
      std::count_if(cells.begin(), cells.end(),
                    [&](const ComparedCell& cell) { return cell.verdict.kind() == kind; }));
}

std::vector<Verdict> TableComparison::verdicts() const {
  std::vector<Verdict> all;
  for (const ComparedCell& cell : cells) all.push_back(cell.verdict);
  return all;
}

void require_comparable(double margin, double level) {
  compare_means({0, 1}, {0, 1}, margin, level);
  if (level < 1e-12) throw InputError("level", fmt::format("{}", level), "1e-12 or more");
}

TableComparison compare_tables(const TableCells& reference, const TableCells& ours, double margin,
                               double level, const PairsOfCells& pairs) {
  require_comparable(margin, level);
  TableComparison comparison{margin, level, {}, 0};
  std::vector<double> apart, close;
  for (const auto& [cell, values] : reference) {
    ComparedCell compared{cell, values, {}, no_comparison()};
    if (const auto mine = ours.find(cell); mine != ours.end()) compared.ours = mine->second;
    if (has_mean(compared.ours) && has_mean(compared.theirs))
      compared.means = compare_means(compared.ours, compared.theirs, margin, level,
                                     pairs.contains(cell) ? pairs.at(cell) : std::vector<Pair>{});
    else
      ++comparison.without_mean;
    apart.push_back(compared.means.p_apart), close.push_back(compared.means.p_close);
    comparison.cells.push_back(std::move(compared));
  }
  const std::vector<double> adjusted_apart = holm(apart), adjusted_close = holm(close);
  for (std::size_t i = 0; i < comparison.cells.size(); ++i) {
    ComparedCell& cell = comparison.cells[i];
    cell.p_apart = adjusted_apart[i], cell.p_close = adjusted_close[i];
    cell.verdict = verdict_of(cell, margin, level);
  }
  return comparison;
}

std::string table(const TableComparison& comparison) {
  std::string lines =
      "activation,reg,width,reference_runs,runs,reference_mean,mean,difference,lower,upper,"
      "adjusted_p_equivalent,adjusted_p_different,verdict\n";
  for (const ComparedCell& c : comparison.cells)
    lines += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{}\n", c.cell.activation,
                         c.cell.penalty, c.cell.width, c.theirs.size(), c.ours.size(),
                         mean_of(c.theirs), mean_of(c.ours), c.means.difference, c.means.lower,
                         c.means.upper, c.p_apart, c.p_close, to_string(c.verdict.kind()));
  return lines;
}

Figure figure_of(const TableComparison& comparison) {
  Figure figure;
  figure.id = "reproduction";
  figure.title = "Alignment against width: ours and the reference";
  figure.caption = "Means of the runs of each cell with 95 % intervals.";
  figure.x_label = "width $p$", figure.y_label = "$\\cos(b, \\beta)$ at the end";
  figure.log_x = true;
  const auto& cells = comparison.cells;
  const bool several =
      !cells.empty() && cells.front().cell.activation != cells.back().cell.activation;
  for (const bool reference : {false, true}) {
    std::map<std::pair<std::string, double>, Series> series;
    for (const ComparedCell& c : cells) {
      const std::vector<double>& values = reference ? c.theirs : c.ours;
      if (values.empty()) continue;
      Series& one = series[{c.cell.activation, c.cell.penalty}];
      one.name = fmt::format("{}{}, penalty {}", reference ? "reference" : "ours",
                             several ? ", " + c.cell.activation : "", c.cell.penalty);
      one.style = reference ? Series::Style::points : Series::Style::line;
      add_mean(one, c.cell.width, values);
    }
    for (auto& [key, one] : series) figure.series.push_back(std::move(one));
  }
  return figure;
}

}  // namespace alignproof::inline sweeps
