// SPDX-License-Identifier: Apache-2.0
// Are our runs equivalent to those of a published table, cell by cell? reports/docs/reproduce.md
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/core/verdict.hpp>
#include <alignproof/format/report.hpp>
#include <alignproof/statistics/equivalence.hpp>
#include <alignproof/sweeps/run_table.hpp>
#include <alignproof/sweeps/sweep.hpp>

namespace alignproof::inline sweeps {

/// Whether there are two runs or more, and all of them settled.
bool has_mean(const std::vector<double>& alignments);

/// Which cells of a reference can be compared.
struct CellChoice {
  std::size_t compared = 0;
  std::vector<TableCell> lacking;       ///< of which we have no run
  std::vector<TableCell> without_mean;  ///< of which the reference has no two runs that ended
};

/// Throws InputError if there is none; `whose` says in words where our runs are from.
CellChoice comparable_cells(const TableCells& reference, const TableCells& ours,
                            const std::string& whose);

/// The first few of them, and how many more there are.
std::string in_words(const std::vector<TableCell>& cells);

/// The ready sweeps that make cells of a reference, before any run.
struct PlannedSweeps {
  std::vector<Sweep> sweeps;
  CellChoice choice;
  std::string whose;  ///< "the ready sweeps at scale small"
};

/// `seeds`, if given, replaces the number of runs of each cell. Throws InputError if an activation
/// of the reference has no ready sweep, if these have none of its cells, or if they make one
/// otherwise than the reference says.
PlannedSweeps sweeps_for(const RunTable& reference, std::string_view scale,
                         const std::optional<std::int64_t>& seeds = {});

struct ComparedCell {
  TableCell cell;
  std::vector<double> theirs, ours;  ///< alignments
  MeanComparison means;              ///< not a number where one of both has no mean
  double p_apart = 1, p_close = 1;   ///< those of `means`, adjusted over all cells (Holm)
  Verdict verdict = Verdict::undecided("not compared");  ///< holds: equivalent; refuted: different
};

struct TableComparison {
  double margin = 0, level = 0;
  std::vector<ComparedCell> cells;  ///< every cell of the reference
  std::size_t without_mean = 0;     ///< cells without a mean on one of both sides

  std::size_t count(VerdictKind kind) const;
  std::vector<Verdict> verdicts() const;
};

/// Of each cell the pairs of our values and theirs that belong together.
using PairsOfCells = std::map<TableCell, std::vector<Pair>>;

/// Throws InputError unless margin > 0 and 1e-12 <= level < 1.
void require_comparable(double margin, double level);

/// `margin` is the difference of means that counts as none; `level` is the probability that any
/// cell is wrongly called equivalent, and that any is wrongly called different. Values of a cell
/// may belong together in pairs.
TableComparison compare_tables(const TableCells& reference, const TableCells& ours, double margin,
                               double level, const PairsOfCells& pairs = {});

/// A line a cell, with a heading.
std::string table(const TableComparison& comparison);

/// Means of both against the width, with 95 % intervals.
Figure figure_of(const TableComparison& comparison);

/// The mean of the values as a point of the series, with its 95 % interval if it has one.
void add_mean(Series& series, double x, const std::vector<double>& values);

/// The mean; of no values, not a number.
double mean_of(const std::vector<double>& values);

}  // namespace alignproof::inline sweeps
