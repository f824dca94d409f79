// SPDX-License-Identifier: Apache-2.0
// Sweeps: grids of simulated runs, described by a configuration in TOML. What may stand there:
// reports/docs/sweeps.md. Everything is dimensionless.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/network/data.hpp>

namespace alignproof {

/// How the network learns: through b, through beta, or beta alone on fixed hidden units.
enum class Learning { fa, bp, shallow };

/// The exact inputs of one run. The loss is the published one, |e|^2 / n with gradient step `step`
/// and penalty gradient reg beta: eta = 2 step / n, lambda = reg n / 2.
struct RunSpec {
  std::size_t n = 50, d = 150, width = 200;
  Targets targets = Targets::linear;  ///< linear: y = X w*; network: a teacher as wide as the run
  Activation activation = Activation::tanh;
  Learning learning = Learning::fa;
  double step = 1e-3, reg = 0;
  /// Steps to do; nothing: until the loss has settled, as published (settled_steps).
  std::optional<std::size_t> steps;
  std::size_t every = 0;  ///< a trace at each so many steps; 0: none
  bool reduced = false;   ///< linear networks by their Gram matrices
  bool single = false;    ///< float instead of double
  std::uint64_t seed = 1;

  bool operator==(const RunSpec&) const = default;
};

/// One line of JSON that says all of it; equal specs have equal lines.
std::string to_line(const RunSpec& spec);
RunSpec spec_from_line(const std::string& line);

/// N(p) = round(floor(5000 sqrt p) / 14): the least number of steps of a run that ends when its
/// loss, looked at every 1000 steps, has moved by less than 1e-3.
std::size_t settled_steps(std::size_t width);

struct TracePoint {
  std::size_t t;
  double loss, alignment;
};

struct RunResult {
  double alignment = 0;  ///< cos(b, beta) at the end
  double loss = 0;       ///< |e|^2 / n at the end
  std::size_t steps = 0;
  std::optional<std::size_t> diverged_at;
  std::vector<TracePoint> trace;
};

/// As to_line: the same bits give the same line. Numbers that are not finite become null.
std::string to_line(const RunResult& result);
RunResult result_from_line(const std::string& line);

/// On the calling thread. Throws InputError on a spec that no form can run.
RunResult execute(const RunSpec& spec);

/// How long a run takes, up to a factor.
double cost(const RunSpec& spec);

struct Sweep {
  std::string name, title;
  std::vector<RunSpec> runs;  ///< in the order of the table
};

/// Reads a configuration; `scale` is smoke, small or full. Throws InputError that names the key.
Sweep read_sweep(std::string_view toml, std::string_view scale);

/// What decides the bits of a result beside its inputs.
std::string engine();

/// Header and lines of the table of results.
std::string table_header();
std::string table_line(const RunSpec& spec, const RunResult& result);

}  // namespace alignproof
