// SPDX-License-Identifier: Apache-2.0
// What the runs of a sweep amount to: means with intervals and figures for the report.
#pragma once

#include <optional>
#include <vector>

#include <alignproof/format/report.hpp>
#include <alignproof/sweeps/sweep.hpp>

namespace alignproof::inline sweeps {

/// Probability that an interval of the summary misses its mean, each by itself.
inline constexpr double summary_level = 0.05;

/// A cell for each combination of what varies, but for the seed. Where the grid has backpropagation
/// without penalty and dropout beside other rules, each of its cells is compared with it, run by
/// run: runs with the same seed have the same data and initial weights. `results[i]` is that of
/// `runs[i]`.
Simulation summarise(const Sweep& sweep, const std::vector<RunResult>& results);

/// The same of a sweep that is not finished: what is there of each cell. Cells without a run are
/// left out, and the note says how many runs are missing.
Simulation summarise(const Sweep& sweep, const std::vector<std::optional<RunResult>>& results);

}  // namespace alignproof::inline sweeps
