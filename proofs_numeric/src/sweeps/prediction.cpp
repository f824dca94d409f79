// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/prediction.hpp>

#include <algorithm>
#include <cmath>
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

const RegressionSpec& regression(const RunSpec& run) {
  return std::get<RegressionSpec>(run);
}

void require_covered(const RegressionSpec& spec) {
  const std::string prediction = " where a table is predicted";
  if (!is_feedback_alignment(spec.learning))
    throw InputError("rule", fmt::format("'{}'", spec.learning.name()), "fa" + prediction);
  if (spec.dropout > 0)
    throw InputError("dropout", fmt::format("{}", spec.dropout), "0" + prediction);
  if (spec.steps && *spec.steps == 0) throw InputError("steps", "0", "1 or more" + prediction);
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

/// The slow times at which the rule of ending looks at a run that does not settle.
std::vector<double> looks_of(const RegressionSpec& spec) {
  const Ending unsettled(spec);
  std::vector<double> times;
  for (std::size_t t = 0; !unsettled.reached(t);) {
    t = unsettled.next(t);
    times.push_back(static_cast<double>(t) * slow_step(spec));
  }
  return times;
}

/// Largest eta (lambda + lambda_max(G)) along a course or a law, and what it led to.
template <class Result>
struct Watched {
  Result result;
  double stability = 0;
};

Watched<RunResult> predicted_run(const RegressionSpec& spec,
                                 const std::optional<std::size_t>& particles) {
  const LawData data = law_data(spec);
  const auto [eta, lambda] = mean_square_convention(spec.step, spec.reg, spec.n);
  const std::size_t units = particles.value_or(finite_width_units(spec.activation, spec.n));
  // Each width has units, feedback and initial weights of its own, as runs of different widths do.
  const FiniteWidthCloud cloud =
      finite_width_cloud(data.K, 1, units, spec.seed * 1000003 + spec.width);
  std::optional<RunResult> result;
  FiniteWidthOptions options;
  // Looks are steps of the course: what lies between two steps may show rests that a loss has not.
  options.times = looks_of(spec);
  options.tau = options.times.back();
  options.done = [&](const FiniteWidthCourse& course) {
    result = predicted_end(spec, course);
    return result.has_value();
  };
  const FiniteWidthCourse course = finite_width_law(
      data, spec.activation, {static_cast<double>(spec.width), lambda, eta}, cloud, options);
  if (!result) throw std::logic_error("a course that ends before its run");
  const double largest = *std::max_element(course.largest.begin(), course.largest.end());
  return {*result, eta * (lambda + largest)};
}

/// The cosine of the law at a slow time; 0 without a penalty.
Watched<double> limit_of_row(const RegressionSpec& spec,
                             const std::optional<std::size_t>& particles, double tau) {
  const auto [eta, lambda] = mean_square_convention(spec.step, spec.reg, spec.n);
  if (lambda == 0) return {};
  const LawData data = law_data(spec);
  const Cloud cloud = quasi_random_cloud(data.K, 1, particles.value_or(default_particles),
                                         spec.seed, FeedbackLaw::normal, 1);
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
    if (!spec) throw InputError("experiment", "'images'", "regression where a table is predicted");
    require_covered(*spec);
    if (spec->seed != 1) continue;
    if (!cells
             .insert({std::string(to_string(spec->activation)), spec->reg,
                      static_cast<double>(spec->width)})
             .second)
      throw InputError("configuration", fmt::format("'{}'", sweep.name),
                       "one that varies activation, reg and width alone where it is predicted");
    for (std::size_t s = 0; s < data_sets; ++s) {
      RegressionSpec predicted = *spec;
      predicted.seed = seed + s;
      plan.runs.emplace_back(predicted);
    }
  }
  return plan;
}

void require_particles(const Sweep& plan, long long particles) {
  std::size_t n = 1;
  for (const RunSpec& run : plan.runs) n = std::max(n, regression(run).n);
  const auto least = static_cast<long long>(2 * n);
  if (particles < least || particles > 10000000 || particles % 2 != 0)
    throw InputError("particles", fmt::format("{}", particles),
                     fmt::format("an even number from {} to 10000000", least));
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
  result.end.t = t, result.end.loss = course.loss_at(tau),
  result.end.alignment = course.cosine_at(tau);
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
  std::vector<double> stability(order.size());
  parallel_for(order.size(), jobs, [&](std::size_t k) {
    const RegressionSpec& spec = regression(plan.runs[order[k]]);
    const auto run = predicted_run(spec, particles);
    prediction.results[order[k]] = run.result, stability[k] = run.stability;
    progress.advance();
  });

  std::vector<std::pair<Row, std::size_t>> rows(widest.begin(), widest.end());
  std::vector<Watched<double>> limits(rows.size());
  parallel_for(rows.size(), jobs, [&](std::size_t k) {
    const std::size_t at = rows[k].second;
    const RegressionSpec& spec = regression(plan.runs[at]);
    const double tau = static_cast<double>(prediction.results[at].end.t) * slow_step(spec);
    limits[k] = limit_of_row(spec, particles, tau);
    progress.advance();
  });
  std::map<Row, double> limit_of;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    limit_of[rows[k].first] = limits[k].result;
    stability.push_back(limits[k].stability);
  }
  prediction.stability = *std::max_element(stability.begin(), stability.end());
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

}  // namespace alignproof::inline sweeps
