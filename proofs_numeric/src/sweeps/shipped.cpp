// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/shipped.hpp>

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <alignproof/sweeps/prediction.hpp>

namespace alignproof::embedded {

// Made from reports/published by cmake/embed.cmake.
extern const std::string_view alignment_linear_csv, alignment_relu_csv, alignment_sigmoid_csv,
    alignment_sigmoid_50_csv, alignment_tanh_csv, predicted_linear_csv, predicted_relu_csv,
    predicted_sigmoid_csv, predicted_tanh_csv;

}  // namespace alignproof::embedded

namespace alignproof::inline sweeps {

namespace {

using Tables = std::vector<std::pair<std::string, std::string_view>>;

/// The tables of one activation, by the names of their files.
struct Shipped {
  std::string_view sweep;  ///< the ready one that makes the runs
  Tables runs;
  std::string predicted_file;
  std::string_view predicted;
};

const std::array<Shipped, 4>& all_shipped() {
  using namespace embedded;
  static const std::array<Shipped, 4> all = {{
      {"alignment-linear",
       {{"alignment-linear.csv", alignment_linear_csv}},
       "predicted-linear.csv",
       predicted_linear_csv},
      {"alignment-relu",
       {{"alignment-relu.csv", alignment_relu_csv}},
       "predicted-relu.csv",
       predicted_relu_csv},
      {"alignment-sigmoid",
       {{"alignment-sigmoid.csv", alignment_sigmoid_csv},
        {"alignment-sigmoid-50.csv", alignment_sigmoid_50_csv}},
       "predicted-sigmoid.csv",
       predicted_sigmoid_csv},
      {"alignment-tanh",
       {{"alignment-tanh.csv", alignment_tanh_csv}},
       "predicted-tanh.csv",
       predicted_tanh_csv},
  }};
  return all;
}

/// Margin and level of a comparison that is not shown.
constexpr double margin = 0.05, level = 0.05;

std::string commands_of(const Shipped& shipped) {
  std::string runs;
  for (const auto& [file, text] : shipped.runs)
    runs += fmt::format("{}reports/published/{}", runs.empty() ? "" : ",", file);
  return fmt::format(
      "alignproof sweep {0}\nalignproof reproduce --predict {0}\n"
      "alignproof reproduce --predicted reports/published/{1} --runs {2}",
      shipped.sweep, shipped.predicted_file, runs);
}

Simulation simulation_of(const Shipped& shipped) {
  RunTable runs, predicted;
  for (const auto& [file, text] : shipped.runs) runs.add(file, std::string(text));
  predicted.add(shipped.predicted_file, std::string(shipped.predicted));
  // One activation, so one record.
  Simulation simulation =
      simulations_of(compare_prediction(predicted, runs, {}, margin, level)).at(0);
  simulation.id = shipped.sweep;
  simulation.scale = "full";
  simulation.command = commands_of(shipped);
  simulation.note =
      "The first makes the runs, the second the predictions (their options stand in "
      "reports/docs/reproduce.md), the third this table and its figure from the files that are "
      "shipped.";
  return simulation;
}

}  // namespace

std::vector<Simulation> shipped_simulations() {
  std::vector<Simulation> all;
  for (const Shipped& shipped : all_shipped()) all.push_back(simulation_of(shipped));
  return all;
}

}  // namespace alignproof::inline sweeps
