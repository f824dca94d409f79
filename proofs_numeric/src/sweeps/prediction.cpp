// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/prediction.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/linalg/matrix.hpp>
#include <alignproof/mean_field/law.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/sweeps/ending.hpp>
#include <alignproof/sweeps/mean_square.hpp>

namespace alignproof::inline sweeps {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr std::uint64_t seeds_of_runs = 1000000;  ///< a sweep has no more

const RegressionSpec& regression(const RunSpec& run) {
  return std::get<RegressionSpec>(run);
}

void require_covered(const RegressionSpec& spec) {
  const std::string prediction = " where a table is predicted";
  if (!is_feedback_alignment(spec.learning))
    throw InputError("rule", fmt::format("'{}'", spec.learning.name()), "fa" + prediction);
  if (spec.dropout > 0)
    throw InputError("dropout", fmt::format("{}", spec.dropout), "0" + prediction);
  if (spec.schedule != Penalty{})
    throw InputError("schedule", fmt::format("'{}'", schedule_in_words(spec.schedule)),
                     "constant" + prediction);
}

/// eta / sqrt p: the slow time of a step.
double slow_step(const RegressionSpec& spec) {
  return mean_square_convention(spec.step, spec.reg, spec.n).eta /
         std::sqrt(static_cast<double>(spec.width));
}

constexpr std::size_t default_particles = 8192;  ///< of the law, at the end of a row

LawData law_data(const RegressionSpec& spec) {
  const Data data = data_of(spec);
  const Matrix<double> X = matrix_from<double>(data.X);
  return {X * X.transpose(), matrix_from<double>(data.y)};
}

RunResult predicted_run(const RegressionSpec& spec, const std::optional<std::size_t>& particles) {
  const LawData data = law_data(spec);
  const auto [eta, lambda] = mean_square_convention(spec.step, spec.reg, spec.n);
  const std::size_t units =
      particles.value_or(finite_width_units(spec.activation, spec.n));
  // Each width has units, feedback and initial weights of its own, as runs of different widths do.
  const FiniteWidthCloud cloud =
      finite_width_cloud(data.K, 1, units, spec.seed * 1000003 + spec.width);
  const double most = static_cast<double>(spec.steps ? *spec.steps : most_steps(spec.width));
  std::optional<RunResult> result;
  FiniteWidthOptions options;
  options.tau = most * slow_step(spec);
  options.times = {static_cast<double>(Ending(spec).least()) * slow_step(spec), options.tau};
  if (options.times[0] == options.times[1]) options.times.pop_back();
  options.done = [&](const FiniteWidthCourse& course) {
    result = predicted_end(spec, course);
    return result.has_value();
  };
  finite_width_law(data.K, data.Y, spec.activation,
                   {static_cast<double>(spec.width), lambda, eta}, cloud, options);
  if (!result) throw std::logic_error("a course that ends before its run");
  return *result;
}

/// Where the law of a row stands at a slow time.
struct LimitOfRow {
  double cosine = 0;     ///< 0 without a penalty
  double stability = 0;  ///< eta (lambda + lambda_max(G))
};

LimitOfRow limit_of_row(const RegressionSpec& spec, const std::optional<std::size_t>& particles,
                        double tau) {
  const auto [eta, lambda] = mean_square_convention(spec.step, spec.reg, spec.n);
  if (lambda == 0) return {};
  const LawData data = law_data(spec);
  const Cloud cloud = quasi_random_cloud(data.K, 1, particles.value_or(default_particles),
                                         spec.seed, Feedback::normal, 1);
  LawOptions options;
  options.tolerance = 1e-4, options.estimate_error = false;
  const FieldPoint at =
      mean_field_law(data, spec.activation, cloud, {lambda}, {tau}, options).front();
  return {at.cosine, eta * (lambda + at.spectrum.maxCoeff())};
}

/// The row of a run: all that the widest cells of a table share with it.
using Row = std::tuple<std::string, double, std::uint64_t>;

Row row_of(const RegressionSpec& spec) {
  return {std::string(to_string(spec.activation)), spec.reg, spec.seed};
}

/// Of each row the place of its widest run.
std::map<Row, std::size_t> widest_runs(const Sweep& plan) {
  std::map<Row, std::size_t> widest;
  for (std::size_t i = 0; i < plan.runs.size(); ++i) {
    const auto [at, is_new] = widest.try_emplace(row_of(regression(plan.runs[i])), i);
    if (!is_new && regression(plan.runs[i]).width > regression(plan.runs[at->second]).width)
      at->second = i;
  }
  return widest;
}

}  // namespace

Sweep planned_prediction(const Sweep& sweep, std::size_t data_sets, std::uint64_t seed) {
  if (data_sets < 2 || data_sets > 100000)
    throw InputError("data-sets", fmt::format("{}", data_sets), "2 to 100000");
  if (seed < 1 || seed > 1000000000)
    throw InputError("seed", fmt::format("{}", seed), "1 to 1000000000");
  Sweep plan = sweep;
  plan.runs.clear();
  std::set<TableCell> cells;
  for (const RunSpec& run : sweep.runs) {
    const auto* spec = std::get_if<RegressionSpec>(&run);
    if (!spec)
      throw InputError("experiment", "'images'", "regression where a table is predicted");
    require_covered(*spec);
    if (spec->seed != 1) continue;
    if (!cells
             .insert({std::string(to_string(spec->activation)), spec->reg,
                      static_cast<double>(spec->width)})
             .second)
      throw InputError("configuration", fmt::format("'{}'", sweep.name),
                       "one that varies activation, reg and width alone where it is predicted");
    for (std::size_t s = 1; s <= data_sets; ++s) {
      RegressionSpec predicted = *spec;
      predicted.seed = seeds_of_runs * seed + s;
      plan.runs.emplace_back(predicted);
    }
  }
  return plan;
}

std::optional<RunResult> predicted_end(const RegressionSpec& spec,
                                       const FiniteWidthCourse& course) {
  const double step = slow_step(spec);
  Ending ending(spec);
  std::size_t t = 0;
  while (!ending.reached(t)) {
    t = ending.next(t);
    const double tau = static_cast<double>(t) * step;
    if (tau > course.tau.back() * (1 + 1e-12)) return {};
    if (ending.looks(t)) ending.look(course.loss_at(std::min(tau, course.tau.back())));
  }
  const double tau = std::min(static_cast<double>(t) * step, course.tau.back());
  RunResult result;
  result.end.t = t, result.end.loss = course.loss_at(tau), result.end.alignment = course.cosine_at(tau);
  result.diverged = !std::isfinite(result.end.loss) || !std::isfinite(result.end.alignment);
  return result;
}

Prediction predict(const Sweep& plan, const std::optional<std::size_t>& particles, std::size_t jobs,
                   Progress& progress) {
  Prediction prediction{plan, std::vector<RunResult>(plan.runs.size()),
                        std::vector<double>(plan.runs.size()), 0};
  const std::map<Row, std::size_t> widest = widest_runs(plan);
  progress.expect(plan.runs.size() + widest.size());
  const std::vector<std::size_t> order = longest_first(plan);
  parallel_for(order.size(), jobs, [&](std::size_t k) {
    const RegressionSpec& spec = regression(plan.runs[order[k]]);
    prediction.results[order[k]] = predicted_run(spec, particles);
    progress.advance();
  });

  std::vector<std::pair<Row, std::size_t>> rows(widest.begin(), widest.end());
  std::vector<LimitOfRow> limits(rows.size());
  parallel_for(rows.size(), jobs, [&](std::size_t k) {
    const std::size_t at = rows[k].second;
    const RegressionSpec& spec = regression(plan.runs[at]);
    const double tau = static_cast<double>(prediction.results[at].end.t) * slow_step(spec);
    limits[k] = limit_of_row(spec, particles, tau);
    progress.advance();
  });
  std::map<Row, double> limit_of;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    limit_of[rows[k].first] = limits[k].cosine;
    prediction.stability = std::max(prediction.stability, limits[k].stability);
  }
  for (std::size_t i = 0; i < plan.runs.size(); ++i)
    prediction.limits[i] = limit_of.at(row_of(regression(plan.runs[i])));
  return prediction;
}

std::string table(const Prediction& prediction) {
  // A prediction has no form and no number type.
  static const std::set<std::string_view> columns = {
      "activation", "inputs", "targets", "n",        "d",       "input_norm", "width",
      "rule",       "step",   "reg",     "schedule", "dropout", "seed"};
  std::string lines;
  for (std::size_t i = 0; i < prediction.sweep.runs.size(); ++i) {
    const RunSpec& run = prediction.sweep.runs[i];
    const RegressionSpec& spec = regression(run);
    const RunResult& result = prediction.results[i];
    std::string heading;
    std::string line;
    for (const NamedValue& field : fields(run))
      if (columns.contains(field.name)) {
        heading += fmt::format("{},", field.name);
        line += std::visit([](const auto& x) { return fmt::format("{},", x); }, field.value);
      }
    if (lines.empty()) lines = heading + "steps,ended,loss,alignment,limit\n";
    lines += fmt::format("{}{},{},{},{},{}\n", line, result.end.t, how_ended(spec, result),
                         result.end.loss, result.end.alignment, prediction.limits[i]);
  }
  return lines;
}

namespace {

/// Those that both sides have; nothing where the table is empty.
std::optional<TableComparison> compared(const TableCells& predicted, const TableCells& measured,
                                        const char* whose, double margin, double level) {
  if (measured.empty()) return {};
  TableCells both;
  for (const auto& [cell, values] : measured)
    if (predicted.contains(cell)) both.insert({cell, values});
  comparable_cells(both.empty() ? measured : both, predicted, whose);
  return compare_tables(both, predicted, margin, level);
}

const ComparedCell* find(const std::optional<TableComparison>& comparison, const TableCell& cell) {
  if (!comparison) return nullptr;
  const auto at = std::find_if(comparison->cells.begin(), comparison->cells.end(),
                               [&](const ComparedCell& c) { return c.cell == cell; });
  return at == comparison->cells.end() ? nullptr : &*at;
}

std::string columns_of(const ComparedCell* c) {
  if (!c) return ",,,,,,,";
  return fmt::format(",{},{},{},{},{},{},{},{}", c->theirs.size(), mean_of(c->theirs),
                     c->means.difference, c->means.lower, c->means.upper, c->p_apart, c->p_close,
                     to_string(c->verdict.kind()));
}

/// Nothing to compare in fewer than two.
double standard_error(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = mean_of(values);
  double sum = 0;
  for (const double x : values) sum += (x - mean) * (x - mean);
  return n < 2 ? nothing : std::sqrt(sum / (n - 1) / n);
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

PredictionComparison compare_prediction(const RunTable& predicted, const RunTable& runs,
                                        const RunTable& reference, double margin, double level) {
  require_comparable(margin, level);
  predicted.require_alike(runs), predicted.require_alike(reference);
  return {predicted.cells(), predicted.limits(),
          compared(predicted.cells(), runs.cells(), "the predictions", margin, level),
          compared(predicted.cells(), reference.cells(), "the predictions", margin, level)};
}

Differences differences(const TableComparison& comparison) {
  Differences found;
  std::size_t count = 0;
  for (const ComparedCell& c : comparison.cells) {
    if (!std::isfinite(c.means.difference)) continue;
    found.root_mean_square += c.means.difference * c.means.difference, ++count;
    found.largest = std::max(found.largest, std::abs(c.means.difference));
  }
  found.root_mean_square = count == 0
                               ? nothing
                               : std::sqrt(found.root_mean_square / static_cast<double>(count));
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
    lines += fmt::format(
        "{},{},{},{},{},{},{}{}{}\n", cell.activation, cell.penalty, cell.width, values.size(),
        mean_of(values), standard_error(values),
        limit == comparison.limits.end() ? nothing : mean_of(limit->second),
        columns_of(find(comparison.runs, cell)), columns_of(find(comparison.reference, cell)));
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
    figure.x_label = "width $p$", figure.y_label = "$\\cos(b, \\beta)$ at the end";
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
          for (const double times : {1.5, 2.5})
            series().x.push_back(times * width), series().y.push_back(mean_of(limit->second));
        }
      }
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace alignproof::inline sweeps
