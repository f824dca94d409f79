// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <set>

#include <fmt/format.h>

#include <alignproof/core/program_name.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/statistics/equivalence.hpp>
#include <alignproof/sweeps/summary.hpp>

#include "sweeps/spec_fields.hpp"

namespace alignproof::inline sweeps {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// Those of the grid that are done, by place; null where one is not.
using Results = std::vector<const RunResult*>;

/// The runs of one cell, in the order of the grid.
struct Cell {
  RunSpec spec;                ///< of all of them but for the seed, which is 0
  std::vector<NamedValue> at;  ///< what varies
  double width = 0;
  Results runs;                      ///< those that are done
  std::vector<std::uint64_t> seeds;  ///< of these runs
};

using Quantity = std::function<double(const Observation&)>;

double value_of(const std::optional<double>& x) {
  return x.value_or(nothing);
}

/// Places of the fields that differ between runs.
std::vector<std::size_t> varying(const Sweep& sweep) {
  const std::vector<NamedValue> first = fields(sweep.runs.at(0));
  std::set<std::size_t> found;
  for (const RunSpec& run : sweep.runs) {
    const std::vector<NamedValue> all = fields(run);
    for (std::size_t i = 0; i < first.size(); ++i)
      if (first[i].name != "seed" && all[i].value != first[i].value) found.insert(i);
  }
  return {found.begin(), found.end()};
}

std::uint64_t seed_in(RunSpec run) {
  return std::visit([](auto& spec) -> std::uint64_t { return seed_of(spec); }, run);
}

RunSpec without_seed(RunSpec run) {
  std::visit([](auto& spec) { seed_of(spec) = 0; }, run);
  return run;
}

double width_of(const RegressionSpec& spec) {
  return static_cast<double>(spec.width);
}
double width_of(const ClassificationSpec& spec) {
  return static_cast<double>(spec.network.width);
}

/// Those with a run at least.
std::vector<Cell> cells_of(const Sweep& sweep, const Results& results) {
  const std::vector<std::size_t> places = varying(sweep);
  std::vector<Cell> cells;
  std::map<std::vector<FieldValue>, std::size_t> place_of;
  for (std::size_t i = 0; i < sweep.runs.size(); ++i) {
    if (!results[i]) continue;
    const RunSpec& run = sweep.runs[i];
    const std::vector<NamedValue> all = fields(run);
    std::vector<NamedValue> at;
    std::vector<FieldValue> values;
    for (const std::size_t place : places)
      at.push_back(all[place]), values.push_back(all[place].value);
    const auto [found, is_new] = place_of.try_emplace(values, cells.size());
    if (is_new)
      cells.push_back({without_seed(run),
                       std::move(at),
                       std::visit([](const auto& spec) { return width_of(spec); }, run),
                       {},
                       {}});
    cells[found->second].runs.push_back(results[i]);
    cells[found->second].seeds.push_back(seed_in(run));
  }
  return cells;
}

bool varies(const Cell& cell, std::string_view name) {
  return std::any_of(cell.at.begin(), cell.at.end(),
                     [&](const NamedValue& field) { return field.name == name; });
}

/// A configuration need not have a title.
std::string title_of(const Sweep& sweep) {
  return sweep.title.empty() ? sweep.name : sweep.title;
}

// ---- Words --------------------------------------------------------------------------------------

std::string value_in_words(const FieldValue& value) {
  static const std::map<std::string, std::string> words = {{"fa", "FA"},
                                                           {"bp", "backpropagation"},
                                                           {"shallow", "β alone"},
                                                           {"constant", "constant penalty"}};
  if (value == FieldValue(0.0)) return "0";
  const auto found = words.find(in_words(value));
  return found == words.end() ? in_words(value) : found->second;
}

/// "FA, penalty 0.02": a cell by all that varies but for `without`.
std::string series_name(const Cell& cell, std::string_view without = "") {
  std::string words;
  for (const NamedValue& field : cell.at) {
    if (field.name == without) continue;
    const std::string value = value_in_words(field.value);
    words += words.empty() ? "" : ", ";
    words += field.speaks ? value : fmt::format("{} {}", field.heading, value);
  }
  return words.empty() ? "all runs" : words;
}

// ---- Numbers ------------------------------------------------------------------------------------

/// Finite values: those of runs that did not diverge.
std::vector<double> finite(const std::vector<double>& values) {
  std::vector<double> kept;
  for (const double x : values)
    if (std::isfinite(x)) kept.push_back(x);
  return kept;
}

Measurement measured(const std::string& name, const std::vector<double>& all) {
  const std::vector<double> values = finite(all);
  Measurement m;
  m.name = name, m.value = nothing;
  if (values.size() == 1) m.value = values[0];
  if (values.size() < 2) return m;
  const MeanInterval interval = mean_interval(values, summary_level);
  m.value = interval.mean;
  m.interval = {interval.lower, interval.upper};
  m.kind = IntervalKind::confidence;
  return m;
}

std::vector<double> at_the_end(const Cell& cell, const Quantity& quantity) {
  std::vector<double> values;
  for (const RunResult* run : cell.runs) values.push_back(quantity(run->end));
  return values;
}

/// The same run by backpropagation with no penalty and no dropout.
RunSpec plain_backpropagation(RunSpec run) {
  const auto simplify = [](auto& spec) {
    spec.learning = Rule::bp;
    spec.reg = spec.dropout = 0;
  };
  if (auto* regression = std::get_if<RegressionSpec>(&run))
    simplify(*regression);
  else
    simplify(std::get<ClassificationSpec>(run).network);
  return run;
}

/// The cell that this one is compared with; nothing if the grid has none.
const Cell* baseline_of(const Cell& cell, const std::vector<Cell>& cells) {
  if (!varies(cell, "rule")) return nullptr;
  const RunSpec wanted = plain_backpropagation(cell.spec);
  for (const Cell& other : cells)
    if (other.spec == wanted) return &other == &cell ? nullptr : &other;
  return nullptr;
}

/// Of runs with the same seed.
std::vector<double> differences(const Cell& cell, const Cell& baseline, const Quantity& quantity) {
  std::map<std::uint64_t, double> theirs;
  for (std::size_t i = 0; i < baseline.runs.size(); ++i)
    theirs[baseline.seeds[i]] = quantity(baseline.runs[i]->end);
  std::vector<double> all;
  for (std::size_t i = 0; i < cell.runs.size(); ++i)
    if (const auto other = theirs.find(cell.seeds[i]); other != theirs.end())
      all.push_back(quantity(cell.runs[i]->end) - other->second);
  return all;
}

// ---- Figures ------------------------------------------------------------------------------------

Figure against_width(const Sweep& sweep, const std::vector<Cell>& cells) {
  Figure figure;
  figure.id = sweep.name + "-width";
  figure.title = title_of(sweep);
  figure.caption = fmt::format(
      "Means over the runs of each cell with intervals that miss their mean with probability {}.",
      summary_level);
  figure.x_label = "width $p$", figure.y_label = "$\\cos(b, \\beta)$ at the end";
  figure.log_x = true;
  std::map<std::string, std::size_t> place;
  for (const Cell& cell : cells) {
    const std::string name = series_name(cell, "width");
    const auto [at, is_new] = place.try_emplace(name, figure.series.size());
    if (is_new) {
      figure.series.emplace_back();
      figure.series.back().name = name;
      figure.series.back().style = Series::Style::line_and_points;
    }
    Series& series = figure.series[at->second];
    const Measurement m =
        measured("", at_the_end(cell, [](const Observation& o) { return o.alignment; }));
    series.x.push_back(cell.width), series.y.push_back(m.value);
    series.low.push_back(m.interval ? m.interval->first : nothing);
    series.high.push_back(m.interval ? m.interval->second : nothing);
  }
  return figure;
}

/// Means over the runs of each cell that have come so far.
void add_curves(Figure& figure, const std::vector<Cell>& cells, const Quantity& quantity) {
  for (const Cell& cell : cells) {
    std::map<std::size_t, std::vector<double>> at;
    for (const RunResult* run : cell.runs)
      for (const Observation& o : run->trace) at[o.t].push_back(quantity(o));
    Series series;
    series.name = series_name(cell);
    for (const auto& [t, values] : at) {
      const Measurement m = measured("", values);
      series.x.push_back(static_cast<double>(t)), series.y.push_back(m.value);
    }
    figure.series.push_back(std::move(series));
  }
}

std::vector<Figure> against_time(const Sweep& sweep, const std::vector<Cell>& cells, bool images) {
  std::vector<Figure> figures;
  const auto figure = [&](const char* id, const char* title, const char* y_label, bool log_y,
                          const Quantity& quantity) {
    Figure f;
    f.id = sweep.name + "-" + id;
    f.title = fmt::format("{}: {}", title_of(sweep), title);
    f.caption = images || std::none_of(sweep.runs.begin(), sweep.runs.end(),
                                       [](const RunSpec& run) {
                                         return !std::get<RegressionSpec>(run).steps;
                                       })
                    ? "Means over the runs of each cell."
                    : "Means over the runs of each cell that have not ended yet.";
    f.x_label = images ? "batches" : "steps $t$", f.y_label = y_label, f.log_y = log_y;
    add_curves(f, cells, quantity);
    figures.push_back(std::move(f));
  };
  if (images)
    figure("accuracy", "accuracy", "accuracy on test images", false,
           [](const Observation& o) { return value_of(o.test_accuracy); });
  figure("loss", "loss", images ? "cross-entropy of a batch" : "$|e(t)|^2 / n$", true,
         [](const Observation& o) { return o.loss; });
  figure("alignment", "angle of the weights", "$\\cos(b, \\beta)$", false,
         [](const Observation& o) { return o.alignment; });
  if (images)
    figure("signals", "angle of the signals", "mean cosine of $b e_i$ and $\\beta e_i$", false,
           [](const Observation& o) { return value_of(o.signal_alignment); });
  return figures;
}

Simulation summarise_done(const Sweep& sweep, const Results& results) {
  const bool images = std::holds_alternative<ClassificationSpec>(sweep.runs.at(0));
  const std::vector<Cell> cells = cells_of(sweep, results);

  struct Column {
    std::string name;
    Quantity quantity;
  };
  std::vector<Column> columns;
  if (images)
    columns.push_back(
        {"test accuracy", [](const Observation& o) { return value_of(o.test_accuracy); }});
  columns.push_back(
      {images ? "loss of a batch" : "loss $|e|^2/n$", [](const Observation& o) { return o.loss; }});
  columns.push_back({"$\\cos(b, \\beta)$", [](const Observation& o) { return o.alignment; }});
  if (images)
    columns.push_back(
        {"cosine of signals", [](const Observation& o) { return value_of(o.signal_alignment); }});

  Simulation simulation;
  simulation.id = sweep.name, simulation.title = title_of(sweep), simulation.scale = sweep.scale;
  simulation.command =
      fmt::format("{} sweep {} --scale {}", shell_word(program_name()), sweep.name, sweep.scale);
  for (const NamedValue& field : cells.at(0).at) simulation.keys.emplace_back(field.heading);
  for (const Column& column : columns) simulation.quantities.push_back(column.name);
  const bool has_baseline = std::any_of(
      cells.begin(), cells.end(), [&](const Cell& c) { return baseline_of(c, cells) != nullptr; });
  const Column& quality = columns.front();
  const std::string difference = quality.name + " minus that of backpropagation";
  if (has_baseline) {
    simulation.quantities.push_back(difference);
    simulation.note =
        "Comparable with backpropagation? The last column is the mean difference of runs with the "
        "same data and initial weights, backpropagation without penalty being subtracted.";
  }
  for (const Cell& cell : cells) {
    SimulationCell out;
    for (const NamedValue& field : cell.at) out.keys.push_back(value_in_words(field.value));
    out.runs = cell.runs.size();
    out.diverged = static_cast<std::size_t>(std::count_if(
        cell.runs.begin(), cell.runs.end(), [](const RunResult* run) { return run->diverged; }));
    for (const Column& column : columns)
      out.values.push_back(measured(column.name, at_the_end(cell, column.quantity)));
    if (has_baseline) {
      const Cell* baseline = baseline_of(cell, cells);
      out.values.push_back(measured(difference, baseline
                                                    ? differences(cell, *baseline, quality.quantity)
                                                    : std::vector<double>{}));
    }
    simulation.cells.push_back(std::move(out));
  }
  if (varies(cells[0], "width")) simulation.figures.push_back(against_width(sweep, cells));
  if (std::any_of(results.begin(), results.end(),
                  [](const RunResult* r) { return r && r->trace.size() > 1; }))
    for (Figure& f : against_time(sweep, cells, images)) simulation.figures.push_back(std::move(f));
  return simulation;
}

}  // namespace

Simulation summarise(const Sweep& sweep, const std::vector<RunResult>& results) {
  Results all;
  for (const RunResult& result : results) all.push_back(&result);
  return summarise_done(sweep, all);
}

Simulation summarise(const Sweep& sweep, const std::vector<std::optional<RunResult>>& results) {
  Results done;
  for (const std::optional<RunResult>& result : results)
    done.push_back(result ? &*result : nullptr);
  Simulation simulation = summarise_done(sweep, done);
  if (const auto missing = std::count(done.begin(), done.end(), nullptr); missing > 0)
    simulation.note = fmt::format("{} of {} runs are missing: what is there is shown.{}{}", missing,
                                  done.size(), simulation.note.empty() ? "" : " ", simulation.note);
  return simulation;
}

}  // namespace alignproof::inline sweeps
