// SPDX-License-Identifier: Apache-2.0
// What both ways of `reproduce` have: by runs, and by the law alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <alignproof/sweeps/published.hpp>

namespace alignproof::cli {

struct ReproduceOptions {
  std::string reference, out = "reproduction", scale = "full", stores = ".";
  std::vector<std::string> runs, predict, predicted;
  std::optional<long long> jobs, seeds, particles;
  long long data_sets = 12, seed = 1;
  double margin = 0.05, level = 0.05;

  bool predicts() const { return !predict.empty() || !predicted.empty(); }
};

/// Tables from the law, without a run, beside those that are given. Returns the exit code.
int predict_command(const ReproduceOptions& options);

/// Throws InputError if results of these names would be written over what they are made from, or
/// cannot be.
void require_results_apart(const ReproduceOptions& options, const std::vector<std::string>& names);

/// A line a cell, and how many agree.
std::string in_text(const TableComparison& comparison);

}  // namespace alignproof::cli
