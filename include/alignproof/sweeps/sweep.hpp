// SPDX-License-Identifier: Apache-2.0
// Sweeps: grids of simulated runs, described by a configuration in TOML. What may stand there:
// reports/docs/sweeps.md. Everything is dimensionless.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <alignproof/core/parallel.hpp>
#include <alignproof/network/data.hpp>
#include <alignproof/sweeps/classifier.hpp>

namespace alignproof::inline sweeps {

/// Which code runs the dynamics: the fused pass, the plain kernel form, which knows every number
/// type and activation, or linear networks by their Gram matrices.
enum class Form { fused, kernel, reduced };

enum class Precision { float32, float64, mpfr };  ///< the last with `digits`

/// A network with one output on n random inputs. The loss is the published one, |e|^2 / n with
/// gradient step `step` and penalty gradient reg beta (mean_square.hpp).
struct RegressionSpec {
  std::size_t n = 50, d = 150, width = 200;
  Inputs inputs = Inputs::gaussian;
  /// Inputs are multiplied by it, isometric and sphere have it as their norm; nothing: sqrt d, so
  /// that Gaussian ones are N(0, I) as published.
  std::optional<double> input_norm;
  Targets targets = Targets::linear;  ///< linear: y = X w*; network: a teacher as wide as the run
  Activation activation = Activation::tanh;
  LearningRule learning;
  double step = 1e-3, reg = 0;
  Penalty schedule;    ///< how the penalty falls; its lambda is not used
  double dropout = 0;  ///< rate, on the hidden units
  /// Steps to do; nothing: until the loss has settled, as published (settled_steps).
  std::optional<std::size_t> steps;
  std::size_t every = 0;  ///< a trace at each so many steps; 0: none
  Form form = Form::fused;
  Precision precision = Precision::float64;
  unsigned digits = 0;  ///< decimal, of MPFR; else 0
  std::uint64_t seed = 1;

  bool operator==(const RegressionSpec&) const = default;
};

/// A classifier of images. Which images these are, `images` says by a hash.
struct ClassificationSpec {
  std::string images;
  std::size_t train = 0, test = 0;  ///< how many
  ClassifierSpec network;

  bool operator==(const ClassificationSpec&) const = default;
};

/// The exact inputs of one run.
using RunSpec = std::variant<RegressionSpec, ClassificationSpec>;

/// "constant", "geometric 0.999", "inverse-square 500", "cut 2000", "geometric 0.999 cut 2000".
/// Throws InputError on anything else.
Penalty schedule_from(const std::string& words);
std::string schedule_in_words(const Penalty& schedule);

/// One line of JSON that says all of it; equal specs have equal lines.
std::string to_line(const RunSpec& spec);
/// Throws InputError on a value that no configuration could have.
RunSpec spec_from_line(const std::string& line);

/// A count, a number or words.
using FieldValue = std::variant<std::uint64_t, double, std::string>;
/// As a line says it, without quotes.
std::string in_words(const FieldValue& value);

struct NamedValue {
  std::string_view name;
  FieldValue value;
  std::string_view heading;  ///< what a summary calls the field
  bool speaks = false;       ///< the value says by itself which field it is
};

/// All of the run, in the order of its line; equal specs have equal values.
std::vector<NamedValue> fields(const RunSpec& spec);

/// N(p) = round(floor(5000 sqrt p) / 14): the least number of steps of a run that ends when its
/// loss, looked at every 1000 steps, has moved by less than 1e-3.
std::size_t settled_steps(std::size_t width);

/// The samples of a run and its targets: y = X w*, w* ~ N(0, I_d), or what a random network as wide
/// as the run says.
Data data_of(const RegressionSpec& spec);

/// A run whose loss never settles ends here, in the table as "unsettled".
std::size_t most_steps(std::size_t width);

/// A run as it is at one time. The last four are of classifiers (ClassifierPoint).
struct Observation {
  std::size_t t = 0;     ///< steps done: batches of a classifier
  double loss = 0;       ///< |e|^2 / n, without dropout; of a classifier the mean cross-entropy
  double alignment = 0;  ///< cos(b, beta)
  std::optional<double> train_accuracy, test_accuracy, signal_alignment, middle_alignment;
};

struct RunResult {
  Observation end;  ///< not a number, where it diverged: at step end.t
  bool diverged = false;
  std::vector<Observation> trace;
};

/// As to_line: the same bits give the same line. Numbers that are not finite become null.
std::string to_line(const RunResult& result);
RunResult result_from_line(const std::string& line);

struct Images {
  ImageSet train, test;
};

struct Sweep {
  std::string name, title, scale;
  std::vector<RunSpec> runs;             ///< in the order of the table; all of one kind
  std::shared_ptr<const Images> images;  ///< of classifiers
};

/// Throws InputError on a name that cannot be part of a file name, a title that the report cannot
/// show, and an unknown scale.
void require_valid_names(const Sweep& sweep);

/// Reads a configuration; `scale` is smoke, small or full. `images` is the folder to read images
/// from in place of those of the configuration; `settings` are lines as in [run], which replace its
/// values and those of the scale. Throws InputError that names the key.
Sweep read_sweep(std::string_view toml, std::string_view scale,
                 const std::optional<std::filesystem::path>& images = {},
                 const std::vector<std::string>& settings = {});

/// The configurations of proofs_numeric/simulations, as they are built into the program: name and
/// text.
const std::vector<std::pair<std::string_view, std::string_view>>& ready_sweeps();

/// Progress callback: called occasionally, on the run's own thread, with the approximate fraction
/// done.
using ShareDone = std::function<void(double share)>;

/// On the calling thread. Throws InputError on a spec that no form can run.
RunResult execute(const Sweep& sweep, const RunSpec& spec, const ShareDone& tell = {});
RunResult execute(const RegressionSpec& spec, const ShareDone& tell = {});

/// All of them, in the order of the grid, on `jobs` threads.
std::vector<RunResult> execute(const Sweep& sweep, std::size_t jobs, Progress& progress);

/// The places of the grid, the longest run first, so that no thread is left with one at the end.
std::vector<std::size_t> longest_first(const Sweep& sweep);

/// How long a run takes, up to a factor.
double cost(const RunSpec& spec);

/// What decides the bits of a result beside its inputs.
std::string engine(const Sweep& sweep);

/// "done" after the steps that were given, "settled", "unsettled" or "diverged".
const char* how_ended(const RegressionSpec& spec, const RunResult& result);

/// A line a run, with a heading. `results[i]` is that of `runs[i]`.
std::string table(const Sweep& sweep, const std::vector<RunResult>& results);
/// A line an observation, with a heading; the first column numbers the lines of the table from 1.
/// Empty where no run has a trace.
std::string traces(const std::vector<RunResult>& results);

}  // namespace alignproof::inline sweeps
