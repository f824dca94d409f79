// SPDX-License-Identifier: Apache-2.0
// The table of a sweep without a run: the law at width p, FMF(p) (mean_field/finite_width.hpp),
// ended by the rule that ends the runs. reports/docs/reproduce.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/core/parallel.hpp>
#include <alignproof/format/report.hpp>
#include <alignproof/mean_field/finite_width.hpp>
#include <alignproof/sweeps/published.hpp>
#include <alignproof/sweeps/sweep.hpp>

namespace alignproof::inline sweeps {

/// The cells of a sweep, each with as many data sets as asked for, drawn as the runs draw theirs.
/// Their seeds are `seed` and on: from 1 on they are the data sets of the runs, beside which each
/// prediction can be laid. Hidden units are drawn otherwise. Throws InputError on what FMF(p) does
/// not say: another rule than fa, dropout, a schedule, other experiments; on fewer than two data
/// sets or more than 100000, and on a seed of 0 or above 10^9.
Sweep planned_prediction(const Sweep& sweep, std::size_t data_sets, std::uint64_t seed);

/// Throws InputError unless clouds of so many particles can be made for these runs: an even number,
/// at least 2 n and at most 10^7.
void require_particles(const Sweep& plan, long long particles);

/// Where and how a run ends whose loss and cosine follow the course, by the rule that ends the runs
/// (Ending); nothing if the course ends before.
std::optional<RunResult> predicted_end(const RegressionSpec& spec, const FiniteWidthCourse& course);

struct Prediction {
  Sweep sweep;                     ///< of planned_prediction
  std::vector<RunResult> results;  ///< `results[i]` is that of `sweep.runs[i]`
  /// For each run the cosine of the law (p -> infinity) of the same data set and penalty, at the
  /// slow time at which the widest cell ends; 0 without a penalty. The targets are those of that
  /// cell.
  std::vector<double> limits;
  /// Largest eta (lambda + lambda_max(G)) that was met: from 2 on networks leave the law.
  double stability = 0;
};

/// `particles` of the clouds; nothing: finite_width_units, and 8192 for the limits.
/// The same bits for any number of jobs. A unit of progress is a run of the plan or a law.
Prediction predict(const Sweep& plan, const std::optional<std::size_t>& particles, std::size_t jobs,
                   Progress& progress);

/// A line a cell and data set, as RunTable reads it, with the limits in a column of that name.
std::string table(const Prediction& prediction);

/// Predicted tables beside runs and beside a reference; either may be empty.
struct PredictionComparison {
  TableCells predicted, limits;
  std::optional<TableComparison> runs, reference;
};

/// Whether all that a table has are predictions: they have a limit, which runs have not.
bool has_predictions_alone(const RunTable& table);

/// Of the cells that both sides have. A prediction and a run of one seed are a pair. Throws
/// InputError where a table that is given has none.
PredictionComparison compare_prediction(const RunTable& predicted, const RunTable& runs,
                                        const RunTable& reference, double margin, double level);

/// Of the mean; not a number of fewer than two values.
double standard_error(const std::vector<double>& values);

/// Root mean square and largest size of the differences of means.
struct Differences {
  double root_mean_square = 0, largest = 0;
};
Differences differences(const TableComparison& comparison);

/// A line a cell: prediction, its standard error over the data sets, limit; means, difference,
/// interval and verdict of runs and of the reference, empty where there are none.
std::string table(const PredictionComparison& comparison);

/// A figure an activation: predicted means against the width as lines, the measured ones (runs, or
/// else the reference) as points with 95 % intervals, and at the right end the limits.
std::vector<Figure> figures_of(const PredictionComparison& comparison);

/// A record an activation for the page of simulations: its figure, and a line a cell.
std::vector<Simulation> simulations_of(const PredictionComparison& comparison);

}  // namespace alignproof::inline sweeps
