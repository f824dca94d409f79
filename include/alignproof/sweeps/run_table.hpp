// SPDX-License-Identifier: Apache-2.0
// Tables of simulated runs, one a line, as sweeps and other programs write them.
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace alignproof::inline sweeps {

/// What the runs of one cell have in common.
struct TableCell {
  std::string activation;
  double penalty = 0, width = 0;

  auto operator<=>(const TableCell&) const = default;
};

/// "relu, penalty 0.2, width 400".
std::string in_words(const TableCell& cell);

/// Alignments of the runs of each cell; of one that diverged or never settled, NaN.
using TableCells = std::map<TableCell, std::vector<double>>;

/// The runs of several tables together. CSV with a heading: columns for width, alignment, penalty
/// and activation, by their names or by a word in them; others by their names (reproduce.md).
class RunTable {
 public:
  /// Throws InputError on a table that cannot be read as such, and on a run that an earlier table
  /// has otherwise.
  void add(const std::string& file, const std::string& text);
  void add(const std::string& file);
  const TableCells& cells() const { return cells_; }
  /// Of each cell whose runs have seeds, these, in the order of `cells`.
  const std::map<TableCell, std::vector<std::string>>& seeds() const { return seeds_; }
  /// Of the runs in tables with a column `limit` (predicted ones), what stands there.
  const TableCells& limits() const { return limits_; }
  /// Throws InputError if a cell of both was made otherwise here, as far as both say how.
  void require_alike(const RunTable& other) const;

 private:
  struct Run {
    std::size_t table = 0;
    std::string file, alignment;
  };
  struct Source {
    std::size_t table = 0;
    bool has_seeds = false;
  };
  std::size_t tables_ = 0;
  TableCells cells_, limits_;
  std::map<TableCell, std::vector<std::string>> seeds_;
  std::map<TableCell, Source> first_source_;
  std::map<std::pair<TableCell, std::string>, std::string> fixed_;
  std::map<std::pair<TableCell, std::string>, Run> by_seed_;
};

}  // namespace alignproof::inline sweeps
