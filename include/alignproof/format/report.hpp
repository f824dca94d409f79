// SPDX-License-Identifier: Apache-2.0
// The record from which every report is written. Writers know no mathematics: they lay out what
// stands here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <alignproof/core/verdict.hpp>

namespace alignproof::inline format {

/// Words about a claim. Formulas are TeX of the subset that report/math.hpp reads, between $ signs.
struct ClaimText {
  std::string id;         ///< "T1a"
  std::string title;      ///< "The initial Gram matrix is well conditioned"
  std::string statement;  ///< prose with $...$
  std::string
      source;  ///< "Song, Xu, Lafferty 2021, Theorem ..." or "ours, reports/docs/theorem_a.md"
  std::vector<std::string> premises;
  std::string conclusion;
  std::string constants;  ///< what the theorem leaves open and how it is measured
  std::string method;     ///< how it is checked here
  std::string falsifier;  ///< what would falsify it
};

/// How often a premise held on the instances looked at.
struct PremiseCount {
  std::string premise;
  std::size_t held = 0;
  std::size_t of = 0;
};

/// What an interval beside a number says, from strong to weak: reports are compared by it
/// (reports/docs/compare.md).
enum class IntervalKind {
  confidence,  ///< holds, at its level, a quantity that is the same for every seed
  instance,    ///< holds a quantity of the data that this seed drew: another seed has another one
  spread       ///< how far values lie apart: a range, or quantiles
};

inline std::string_view to_string(IntervalKind kind) {
  switch (kind) {
    case IntervalKind::confidence:
      return "confidence";
    case IntervalKind::instance:
      return "instance";
    case IntervalKind::spread:
      return "spread";
  }
  throw std::logic_error("no such interval");
}

/// One named number with an optional interval, for the detail tables.
struct Measurement {
  std::string name;  ///< prose with $...$
  double value = 0;
  std::optional<std::pair<double, double>> interval;
  std::string note;
  IntervalKind kind = IntervalKind::spread;  ///< of the interval, where there is one
};

/// A verdict about one instance, or about one group of seeds.
struct InstanceResult {
  std::string name;  ///< "sphere n=5 d=20 p=4096 tanh", prose with $...$
  Verdict verdict;
  std::string replay;  ///< one command line that runs it again; may be empty
  /// The folder of its certificate, relative to that of the report: "certificates/erf".
  std::string certificate = {};
  std::string certificate_hash = {};  ///< SHA-256 of its JSON file, in hexadecimal digits
};

/// One statistical test of a run: what it may say wrongly, and what it would see.
struct StatisticalTest {
  std::string claim;  ///< "T1"
  std::string what;   ///< "share of seeds that decay, sphere inputs ..., p=2048", prose with $...$
  std::size_t trials = 0;
  double alpha = 0;         ///< probability of a wrong verdict, both limits and all looks counted
  std::string alternative;  ///< what it would see: "a share of 0.67 or less", prose with $...$
  double power = 0;         ///< probability of seeing that alternative
};

/// One row of the table.
struct ClaimRow {
  ClaimText text;
  Verdict verdict = Verdict::undecided("not run");
  std::string bound_label;  ///< "$1 - \eta\gamma/4$"
  std::optional<double> bound;
  std::string measured_label;  ///< "$\sup_t |e(t+1)|/|e(t)|$"
  std::optional<double> measured;
  /// How far the measured constant is from its bound; below 1 is on the safe side.
  std::optional<double> ratio;
  std::string ratio_label;  ///< how the ratio is formed where it is not measured / bound
  std::size_t instances = 0;
  std::size_t seeds = 0;
  unsigned digits = 16;
  std::vector<PremiseCount> premises;
  std::vector<Measurement> measurements;
  std::vector<InstanceResult> results;
  std::vector<StatisticalTest> tests;  ///< behind the verdict; shown together, see Report::tests
  bool ran = true;  ///< false: this run did not look at the claim, and its verdict says so
};

/// A curve or a set of points. Points with a non-finite coordinate, or not positive on a log axis,
/// are left out.
struct Series {
  enum class Style { line, dashed, points, line_and_points };
  std::string name;  ///< prose with $...$
  Style style = Style::line;
  std::vector<double> x, y;
  std::vector<double> low = {}, high = {};  ///< ends of the error bars: as many as y, or none
  /// Where x is only a place in the figure: what its points are at, "$p \\to \\infty$", prose.
  std::string at = {};
};

struct Figure {
  std::string id;  ///< "error-decay"
  std::string title;
  std::string caption;
  std::string x_label, y_label;  ///< prose with $...$
  bool log_x = false, log_y = false;
  std::vector<Series> series;
};

/// Something false that the suite must refuse: the same code as the claims ran on it.
struct Rejection {
  enum class Kind { false_claim, planted_error };
  Kind kind = Kind::false_claim;
  std::string name;                    ///< prose with $...$
  std::vector<std::string> caught_by;  ///< ids of the rows that refuse it; empty: it survived
  std::string detail;                  ///< "0 of 175 seeds ...", prose; may be empty
};

/// The runs of one cell of a grid.
struct SimulationCell {
  std::vector<std::string> keys;  ///< values of Simulation::keys
  std::size_t runs = 0, diverged = 0;
  /// Of Simulation::quantities, without runs that diverged.
  std::vector<Measurement> values;
};

/// A grid of simulated runs: numbers without a verdict.
struct Simulation {
  std::string id;                             ///< "alignment-tanh"
  std::string title;                          ///< prose
  std::string scale;                          ///< "smoke"
  std::string command;                        ///< makes these runs again
  std::string note;                           ///< prose; may be empty
  std::vector<std::string> keys, quantities;  ///< prose
  std::vector<SimulationCell> cells;
  std::vector<Figure> figures;
};

struct Report {
  static constexpr int schema_version = 5;

  std::string profile;
  std::uint64_t seed = 0;
  std::string command;  ///< the command line that makes this report again
  /// Only a part was asked for, some claims or profile smoke: what is not there was not run.
  bool part = false;
  std::vector<std::pair<std::string, std::string>> settings;  ///< sizes, levels, digits
  std::vector<ClaimRow> rows;
  std::vector<Figure> figures;
  std::vector<StatisticalTest> tests;  ///< every statistical test of the run
  std::vector<Rejection> rejections;   ///< every planted error and false claim that was tried
  std::vector<Simulation> simulations;
  /// Tables that come with the program, which this run did not compute: the page alone shows them.
  std::vector<Simulation> shipped = {};
  std::vector<std::pair<std::string, std::string>> versions;
  /// Host, wall time, date: all that may differ between two runs with one seed.
  std::vector<std::pair<std::string, std::string>> environment;
};

}  // namespace alignproof::inline format
