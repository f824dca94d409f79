// SPDX-License-Identifier: Apache-2.0
// Predicted tables beside measured ones.
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>

#include <fmt/format.h>

#include <alignproof/statistics/equivalence.hpp>
#include <alignproof/sweeps/prediction.hpp>

namespace alignproof::inline sweeps {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// The values of the seeds that both tables have of a cell.
std::vector<Pair> shared_seeds(const RunTable& ours, const RunTable& theirs,
                               const TableCell& cell) {
  std::vector<Pair> pairs;
  const auto mine = ours.seeds().find(cell), other = theirs.seeds().find(cell);
  if (mine == ours.seeds().end() || other == theirs.seeds().end()) return pairs;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < mine->second.size(); ++i) places[mine->second[i]] = i;
  for (std::size_t i = 0; i < other->second.size(); ++i)
    if (const auto at = places.find(other->second[i]); at != places.end())
      pairs.push_back({at->second, i});
  return pairs;
}

/// The cells that both sides have; nothing where the table is empty. A prediction and a run of one
/// seed have their data in common.
std::optional<TableComparison> compared(const RunTable& predicted, const RunTable& measured,
                                        const char* whose, double margin, double level) {
  if (measured.cells().empty()) return {};
  TableCells both;
  PairsOfCells pairs;
  for (const auto& [cell, values] : measured.cells())
    if (predicted.cells().contains(cell)) {
      both.insert({cell, values});
      pairs[cell] = shared_seeds(predicted, measured, cell);
    }
  comparable_cells(both.empty() ? measured.cells() : both, predicted.cells(), whose);
  return compare_tables(both, predicted.cells(), margin, level, pairs);
}

const ComparedCell* find(const std::optional<TableComparison>& comparison, const TableCell& cell) {
  if (!comparison) return nullptr;
  const auto at = std::find_if(comparison->cells.begin(), comparison->cells.end(),
                               [&](const ComparedCell& c) { return c.cell == cell; });
  return at == comparison->cells.end() ? nullptr : &*at;
}

std::string columns_of(const ComparedCell* c) {
  if (!c) return ",,,,,,,,";  // eight columns
  return fmt::format(",{},{},{},{},{},{},{},{}", c->theirs.size(), mean_of(c->theirs),
                     c->means.difference, c->means.lower, c->means.upper, c->p_apart, c->p_close,
                     to_string(c->verdict.kind()));
}

Measurement mean_measurement(const std::string& name, const std::vector<double>& values) {
  Measurement m{name, nothing, {}, ""};
  if (!has_mean(values)) return m;
  const MeanInterval interval = mean_interval(values, 0.05);
  m.value = interval.mean, m.interval = {interval.lower, interval.upper};
  m.kind = IntervalKind::confidence;
  return m;
}

/// One for a name, in the order of first use.
Series& series_named(Figure& figure, const std::string& name, Series::Style style) {
  for (Series& series : figure.series)
    if (series.name == name && series.style == style) return series;
  figure.series.emplace_back();
  figure.series.back().name = name, figure.series.back().style = style;
  return figure.series.back();
}

}  // namespace

double standard_error(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = mean_of(values);
  double sum = 0;
  for (const double x : values) sum += (x - mean) * (x - mean);
  return n < 2 ? nothing : std::sqrt(sum / (n - 1) / n);
}

bool has_predictions_alone(const RunTable& table) {
  return std::all_of(table.cells().begin(), table.cells().end(), [&](const auto& cell) {
    const auto limits = table.limits().find(cell.first);
    return limits != table.limits().end() && limits->second.size() == cell.second.size();
  });
}

PredictionComparison compare_prediction(const RunTable& predicted, const RunTable& runs,
                                        const RunTable& reference, double margin, double level) {
  require_comparable(margin, level);
  predicted.require_alike(runs), predicted.require_alike(reference);
  return {predicted.cells(), predicted.limits(),
          compared(predicted, runs, "the predictions", margin, level),
          compared(predicted, reference, "the predictions", margin, level)};
}

Differences differences(const TableComparison& comparison) {
  Differences found;
  std::size_t count = 0;
  for (const ComparedCell& c : comparison.cells) {
    if (!std::isfinite(c.means.difference)) continue;
    found.root_mean_square += c.means.difference * c.means.difference, ++count;
    found.largest = std::max(found.largest, std::abs(c.means.difference));
  }
  found.root_mean_square =
      count == 0 ? nothing : std::sqrt(found.root_mean_square / static_cast<double>(count));
  return found;
}

std::string table(const PredictionComparison& comparison) {
  std::string lines = "activation,reg,width,data_sets,prediction,standard_error,limit";
  for (const char* whose : {"run", "reference"})
    for (const char* column : {"runs", "mean", "difference", "lower", "upper",
                               "adjusted_p_equivalent", "adjusted_p_different", "verdict"})
      lines += fmt::format(",{}_{}", whose, column);
  lines += "\n";
  for (const auto& [cell, values] : comparison.predicted) {
    const auto limit = comparison.limits.find(cell);
    lines += fmt::format("{},{},{},{},{},{},{}{}{}\n", cell.activation, cell.penalty, cell.width,
                         values.size(), mean_of(values), standard_error(values),
                         limit == comparison.limits.end() ? nothing : mean_of(limit->second),
                         columns_of(find(comparison.runs, cell)),
                         columns_of(find(comparison.reference, cell)));
  }
  return lines;
}

std::vector<Figure> figures_of(const PredictionComparison& comparison) {
  const auto& measured = comparison.runs ? comparison.runs : comparison.reference;
  std::map<std::string, double> widest;
  for (const auto& [cell, values] : comparison.predicted)
    widest[cell.activation] = std::max(widest[cell.activation], cell.width);
  std::vector<Figure> figures;
  for (const auto& [activation, width] : widest) {
    Figure figure;
    figure.id = "predicted-" + activation;
    figure.title = fmt::format("Alignment against width, {}", activation);
    figure.caption = fmt::format(
        "Lines: predicted by the law at width $p$, no network was run. {}Dashes at the right end: "
        "the law for $p \\to \\infty$.",
        measured ? "Points: means of runs with 95 % intervals. " : "");
    figure.x_label = "width $p$; at the right end $p \\to \\infty$";
    figure.y_label = "$\\cos(b, \\beta)$ at the end";
    figure.log_x = true;
    for (const Series::Style style :
         {Series::Style::line, Series::Style::points, Series::Style::dashed})
      for (const auto& [cell, values] : comparison.predicted) {
        if (cell.activation != activation) continue;
        const auto series = [&]() -> Series& {
          return series_named(figure, fmt::format("penalty {}", cell.penalty), style);
        };
        const ComparedCell* c = find(measured, cell);
        const auto limit = comparison.limits.find(cell);
        const bool has_limit = cell.width == width && limit != comparison.limits.end();
        if (style == Series::Style::line) {
          series().x.push_back(cell.width), series().y.push_back(mean_of(values));
        } else if (style == Series::Style::points && c) {
          add_mean(series(), cell.width, c->theirs);
        } else if (style == Series::Style::dashed && has_limit) {
          series().at = "$p \\to \\infty$";
          for (const double times : {1.5, 2.5})
            series().x.push_back(times * width), series().y.push_back(mean_of(limit->second));
        }
      }
    figures.push_back(std::move(figure));
  }
  return figures;
}

std::vector<Simulation> simulations_of(const PredictionComparison& comparison) {
  std::vector<Simulation> simulations;
  const auto& measured = comparison.runs ? comparison.runs : comparison.reference;
  for (Figure& figure : figures_of(comparison)) {
    Simulation simulation;
    simulation.id = figure.id, simulation.title = figure.title;
    simulation.note =
        "The predictions come from the law at width p: no network was run for them. Their "
        "intervals are those of the mean over data sets.";
    simulation.keys = {"penalty", "width"};
    simulation.quantities = {"predicted", "measured", "predicted minus measured"};
    for (const auto& [cell, values] : comparison.predicted) {
      if ("predicted-" + cell.activation != figure.id) continue;
      const ComparedCell* c = find(measured, cell);
      const std::vector<double> theirs = c ? c->theirs : std::vector<double>{};
      SimulationCell out;
      out.keys = {fmt::format("{}", cell.penalty), fmt::format("{}", cell.width)};
      out.runs = theirs.size();
      Measurement difference{simulation.quantities[2], nothing, {}, ""};
      if (c && std::isfinite(c->means.difference)) {
        difference.value = c->means.difference;
        difference.interval = {c->means.lower, c->means.upper};
        difference.kind = IntervalKind::confidence;
      }
      out.values = {mean_measurement(simulation.quantities[0], values),
                    mean_measurement(simulation.quantities[1], theirs), difference};
      simulation.cells.push_back(std::move(out));
    }
    simulation.figures.push_back(std::move(figure));
    simulations.push_back(std::move(simulation));
  }
  return simulations;
}

}  // namespace alignproof::inline sweeps
