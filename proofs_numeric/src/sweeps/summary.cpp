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

namespace alignproof {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

/// The runs of one cell, in the order of their seeds.
struct Cell {
  std::map<std::string, std::string> at;  ///< what varies
  double width = 0;
  std::vector<const RunResult*> runs;
};

using Quantity = std::function<double(const Observation&)>;

double value_of(const std::optional<double>& x) {
  return x.value_or(nothing);
}

/// Names of the fields that differ between runs, in the order of the fields.
std::vector<std::string> varying(const Sweep& sweep) {
  std::vector<std::string> names;
  const auto first = fields(sweep.runs.at(0));
  std::set<std::string> found;
  for (const RunSpec& run : sweep.runs) {
    const auto all = fields(run);
    for (std::size_t i = 0; i < first.size(); ++i)
      if (all[i] != first[i]) found.insert(first[i].first);
  }
  for (const auto& [name, value] : first)
    if (name != "seed" && found.contains(name)) names.push_back(name);
  return names;
}

std::vector<Cell> cells_of(const Sweep& sweep, const std::vector<RunResult>& results,
                           const std::vector<std::string>& names) {
  std::vector<Cell> cells;
  std::map<std::vector<std::string>, std::size_t> place;
  for (std::size_t i = 0; i < sweep.runs.size(); ++i) {
    const auto all = fields(sweep.runs[i]);
    const std::map<std::string, std::string> by_name(all.begin(), all.end());
    std::vector<std::string> key;
    for (const std::string& name : names) key.push_back(by_name.at(name));
    const auto [at, is_new] = place.try_emplace(key, cells.size());
    if (is_new) {
      cells.emplace_back();
      for (const std::string& name : names) cells.back().at[name] = by_name.at(name);
      cells.back().width = static_cast<double>(std::stoull(by_name.at("width")));
    }
    cells[at->second].runs.push_back(&results[i]);
  }
  return cells;
}

// ---- Words --------------------------------------------------------------------------------------

std::string name_in_words(const std::string& name) {
  static const std::map<std::string, std::string> words = {
      {"reg", "penalty"}, {"width", "$p$"}, {"input_norm", "input norm"}, {"step", "step size"}};
  const auto found = words.find(name);
  return found == words.end() ? name : found->second;
}

std::string value_in_words(const std::string& value) {
  static const std::map<std::string, std::string> words = {{"fa", "FA"},
                                                           {"bp", "backpropagation"},
                                                           {"shallow", "β alone"},
                                                           {"0.0", "0"},
                                                           {"constant", "constant penalty"}};
  const auto found = words.find(value);
  return found == words.end() ? value : found->second;
}

/// "FA, penalty 0.02": a cell by all that varies but for `without`.
std::string series_name(const Cell& cell, const std::vector<std::string>& names,
                        const std::string& without = "") {
  std::string words;
  for (const std::string& name : names) {
    if (name == without) continue;
    const std::string value = value_in_words(cell.at.at(name));
    const bool speaks = name == "rule" || name == "activation" || name == "number" ||
                        name == "inputs" || name == "schedule";
    words += (words.empty() ? "" : ", ") + (speaks ? value : name_in_words(name) + " " + value);
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
  return m;
}

std::vector<double> at_the_end(const Cell& cell, const Quantity& quantity) {
  std::vector<double> values;
  for (const RunResult* run : cell.runs) values.push_back(quantity(run->end));
  return values;
}

/// The cell of backpropagation with no penalty and no dropout that is the same in everything else;
/// nothing if the grid, of which `any` is a run, has none.
const Cell* baseline_of(const Cell& cell, const std::vector<Cell>& cells, const RunSpec& any) {
  if (!cell.at.contains("rule")) return nullptr;
  auto wanted = cell.at;
  wanted["rule"] = "bp";
  for (const auto& [name, value] : fields(any)) {
    if (name != "reg" && name != "dropout") continue;
    if (wanted.contains(name))
      wanted[name] = "0.0";
    else if (value != "0.0")
      return nullptr;
  }
  for (const Cell& other : cells)
    if (other.at == wanted) return &other == &cell ? nullptr : &other;
  return nullptr;
}

/// Of runs with the same seed.
std::vector<double> differences(const Cell& cell, const Cell& baseline, const Quantity& quantity) {
  const std::vector<double> ours = at_the_end(cell, quantity),
                            theirs = at_the_end(baseline, quantity);
  std::vector<double> all;
  for (std::size_t i = 0; i < std::min(ours.size(), theirs.size()); ++i)
    all.push_back(ours[i] - theirs[i]);
  return all;
}

// ---- Figures ------------------------------------------------------------------------------------

Figure against_width(const Sweep& sweep, const std::vector<Cell>& cells,
                     const std::vector<std::string>& names) {
  Figure figure;
  figure.id = sweep.name + "-width";
  figure.title = sweep.title;
  figure.caption = fmt::format(
      "Means over the runs of each cell with intervals that miss their mean with probability {}.",
      summary_level);
  figure.x_label = "width $p$", figure.y_label = "$\\cos(b, \\beta)$ at the end";
  figure.log_x = true;
  std::map<std::string, std::size_t> place;
  for (const Cell& cell : cells) {
    const std::string name = series_name(cell, names, "width");
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
void add_curves(Figure& figure, const std::vector<Cell>& cells,
                const std::vector<std::string>& names, const Quantity& quantity) {
  for (const Cell& cell : cells) {
    std::map<std::size_t, std::vector<double>> at;
    for (const RunResult* run : cell.runs)
      for (const Observation& o : run->trace) at[o.t].push_back(quantity(o));
    Series series;
    series.name = series_name(cell, names);
    for (const auto& [t, values] : at) {
      const Measurement m = measured("", values);
      series.x.push_back(static_cast<double>(t)), series.y.push_back(m.value);
    }
    figure.series.push_back(std::move(series));
  }
}

std::vector<Figure> against_time(const Sweep& sweep, const std::vector<Cell>& cells,
                                 const std::vector<std::string>& names, bool images) {
  std::vector<Figure> figures;
  const auto figure = [&](const char* id, const char* title, const char* y_label, bool log_y,
                          const Quantity& quantity) {
    Figure f;
    f.id = sweep.name + "-" + id;
    f.title = fmt::format("{}: {}", sweep.title, title);
    f.caption = images || std::none_of(sweep.runs.begin(), sweep.runs.end(),
                                       [](const RunSpec& run) {
                                         return !std::get<RegressionSpec>(run).steps;
                                       })
                    ? "Means over the runs of each cell."
                    : "Means over the runs of each cell that have not ended yet.";
    f.x_label = images ? "batches" : "steps $t$", f.y_label = y_label, f.log_y = log_y;
    add_curves(f, cells, names, quantity);
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

}  // namespace

Simulation summarise(const Sweep& sweep, const std::vector<RunResult>& results) {
  const bool images = std::holds_alternative<ClassificationSpec>(sweep.runs.at(0));
  const std::vector<std::string> names = varying(sweep);
  const std::vector<Cell> cells = cells_of(sweep, results, names);

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
  simulation.id = sweep.name, simulation.title = sweep.title, simulation.scale = sweep.scale;
  simulation.command = fmt::format("{} sweep {} --scale {}", shell_word(program_name()), sweep.name, sweep.scale);
  for (const std::string& name : names) simulation.keys.push_back(name_in_words(name));
  for (const Column& column : columns) simulation.quantities.push_back(column.name);
  const bool has_baseline = std::any_of(cells.begin(), cells.end(), [&](const Cell& c) {
    return baseline_of(c, cells, sweep.runs[0]) != nullptr;
  });
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
    for (const std::string& name : names) out.keys.push_back(value_in_words(cell.at.at(name)));
    out.runs = cell.runs.size();
    out.diverged = static_cast<std::size_t>(std::count_if(
        cell.runs.begin(), cell.runs.end(), [](const RunResult* run) { return run->diverged; }));
    for (const Column& column : columns)
      out.values.push_back(measured(column.name, at_the_end(cell, column.quantity)));
    if (has_baseline) {
      const Cell* baseline = baseline_of(cell, cells, sweep.runs[0]);
      out.values.push_back(measured(difference, baseline
                                                    ? differences(cell, *baseline, quality.quantity)
                                                    : std::vector<double>{}));
    }
    simulation.cells.push_back(std::move(out));
  }
  if (std::find(names.begin(), names.end(), "width") != names.end())
    simulation.figures.push_back(against_width(sweep, cells, names));
  if (std::any_of(results.begin(), results.end(),
                  [](const RunResult& r) { return r.trace.size() > 1; }))
    for (Figure& f : against_time(sweep, cells, names, images))
      simulation.figures.push_back(std::move(f));
  return simulation;
}

}  // namespace alignproof
