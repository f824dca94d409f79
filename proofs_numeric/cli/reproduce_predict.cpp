// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/program_name.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/report/writers.hpp>
#include <alignproof/sweeps/prediction.hpp>
#include <alignproof/sweeps/store_files.hpp>

#include "output.hpp"
#include "progress_bar.hpp"
#include "reproduce.hpp"
#include "resources.hpp"
#include "to_stderr.hpp"

namespace alignproof::cli {

namespace {

constexpr const char* predictions_name = "predicted.csv";
constexpr const char* cells_name = "cells.csv";
constexpr const char* figure_name = "predicted.svg";
constexpr const char* page_name = "predicted.html";

/// What else is not accepted, planned_prediction and require_particles say.
std::size_t not_negative(const char* name, long long value) {
  if (value < 0) throw InputError(name, fmt::format("{}", value), "a positive number");
  return static_cast<std::size_t>(value);
}

/// The sweeps of the configurations that were named, as they will be predicted.
std::vector<Sweep> plans_of(const ReproduceOptions& options) {
  std::vector<Sweep> plans;
  for (const std::string& name : options.predict)
    plans.push_back(planned_prediction(sweep_of(name, options.scale),
                                       not_negative("data-sets", options.data_sets),
                                       not_negative("seed", options.seed)));
  return plans;
}

std::string predicted_table(const Sweep& plan, const ReproduceOptions& options,
                            std::size_t threads) {
  std::optional<std::size_t> particles;
  if (options.particles) particles = not_negative("particles", *options.particles);
  ProgressBar bar(plan.name);
  const Prediction prediction = predict(plan, particles, threads, bar);
  if (prediction.stability >= 2)
    to_stderr(
        "{}: eta (lambda + lambda_max(G)) reaches {:.3g}:\nfrom 2 on networks leave the law\n",
        plan.name, prediction.stability);
  return table(prediction);
}

/// Heading once: tables of one kind one after another.
void append(std::string& all, const std::string& more) {
  all += all.empty() ? more : more.substr(more.find('\n') + 1);
}

/// What the law says of each cell, at 80 columns.
std::string predictions_in_text(const PredictionComparison& comparison) {
  std::string text = fmt::format("{:<10}{:>8}{:>8}  {:>9}{:>9}{:>11}{:>9}\n", "activation", "reg",
                                 "width", "predicted", "error", "data sets", "limit");
  for (const auto& [cell, values] : comparison.predicted) {
    const auto limit = comparison.limits.find(cell);
    text += fmt::format(
        "{:<10}{:>8}{:>8}  {:>9.4f}{:>9.4f}{:>11}{:>9}\n", cell.activation, cell.penalty,
        cell.width, mean_of(values), standard_error(values), values.size(),
        limit == comparison.limits.end() ? "-" : fmt::format("{:.4f}", mean_of(limit->second)));
  }
  return text +
         "Predicted by the law at width p; error: standard error over data sets; limit:\n"
         "the law for p -> infinity at the slow time where the widest cell of a row ends.\n";
}

void print_beside(const char* what, const std::optional<TableComparison>& comparison) {
  if (!comparison) return;
  const Differences found = differences(*comparison);
  fmt::print("\n{} (theirs) beside the prediction (ours):\n{}", what, in_text(*comparison));
  fmt::print("differences of means: largest {:.4f}, root mean square {:.4f}\n", found.largest,
             found.root_mean_square);
}

/// 0 where nothing is compared: there is nothing to refute.
int exit_code_of(const PredictionComparison& comparison) {
  std::vector<Verdict> verdicts;
  for (const auto* one : {&comparison.runs, &comparison.reference})
    if (*one)
      for (const Verdict& verdict : (*one)->verdicts()) verdicts.push_back(verdict);
  return verdicts.empty() ? 0 : exit_code(verdicts);
}

std::string command_of(const ReproduceOptions& options) {
  std::string words = shell_word(program_name()) + " reproduce";
  const auto add = [&](const char* option, const std::vector<std::string>& values) {
    if (!values.empty())
      words += fmt::format(" {} {}", option, shell_word(fmt::format("{}", fmt::join(values, ","))));
  };
  add("--predict", options.predict), add("--predicted", options.predicted);
  if (!options.predict.empty())
    words += fmt::format(" --scale {} --data-sets {} --seed {}", options.scale, options.data_sets,
                         options.seed);
  if (options.particles) words += fmt::format(" --particles {}", *options.particles);
  add("--runs", options.runs);
  if (!options.reference.empty()) add("--reference", {options.reference});
  return words;
}

/// The names and contents of what is written.
std::map<std::string, std::string> files_of(const ReproduceOptions& options,
                                            const PredictionComparison& comparison,
                                            const std::string& predictions) {
  Report report;
  report.command = command_of(options);
  report.simulations = simulations_of(comparison);
  for (Simulation& simulation : report.simulations)
    simulation.scale = options.scale, simulation.command = report.command;
  std::map<std::string, std::string> files = {{cells_name, table(comparison)},
                                              {figure_name, to_svg_file(figures_of(comparison))},
                                              {page_name, simulations_to_html(report)}};
  if (!predictions.empty()) files[predictions_name] = predictions;
  return files;
}

/// The table of which nothing is known yet but its cells. A cell that two plans have is refused.
RunTable grids_of(const std::vector<Sweep>& plans) {
  RunTable grids;
  std::string all;
  for (const Sweep& plan : plans)
    append(all, table(Prediction{plan, std::vector<RunResult>(plan.runs.size()),
                                 std::vector<double>(plan.runs.size()), 0}));
  if (!plans.empty()) grids.add("the configurations to predict", all);
  return grids;
}

}  // namespace

int predict_command(const ReproduceOptions& options) {
  require_comparable(options.margin, options.level);
  const std::size_t threads = threads_for(options.jobs);
  const std::vector<Sweep> plans = plans_of(options);
  if (options.particles)
    for (const Sweep& plan : plans) require_particles(plan, *options.particles);
  RunTable runs, reference, predicted;
  for (const std::string& file : options.runs) runs.add(file);
  if (!options.reference.empty()) reference.add(options.reference);
  for (const std::string& file : options.predicted) {
    predicted.add(file);
    if (!has_predictions_alone(predicted))
      throw InputError("predicted", fmt::format("'{}'", file),
                       "tables that --predict wrote; those of runs go to --runs");
  }
  const auto compared = [&](const RunTable& ours) {
    return compare_prediction(ours, runs, reference, options.margin, options.level);
  };
  // Before the work: whether there is anything to compare.
  compared(plans.empty() ? predicted : grids_of(plans));
  std::vector<std::string> names = {cells_name, figure_name, page_name};
  if (!plans.empty()) names.emplace_back(predictions_name);
  const ResultFolder folder(options.out, names);
  require_results_apart(options, names);

  std::string predictions;
  for (const Sweep& plan : plans) append(predictions, predicted_table(plan, options, threads));
  if (!plans.empty()) predicted.add(predictions_name, predictions);
  const PredictionComparison comparison = compared(predicted);
  write_files(options.out, files_of(options, comparison, predictions));
  // After the files: a reader of standard output may end at any line.
  fmt::print("{}", predictions_in_text(comparison));
  print_beside("Runs", comparison.runs);
  print_beside("The reference", comparison.reference);
  fmt::print("Written to {}: {}\n", options.out, fmt::join(names, ", "));
  return exit_code_of(comparison);
}

}  // namespace alignproof::cli
