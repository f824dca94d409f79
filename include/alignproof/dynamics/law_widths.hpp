// SPDX-License-Identifier: Apache-2.0
// Linear networks of several finite widths on the slow time, many runs a width: how far they are
// from the alignment law.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <alignproof/core/parallel.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/network/data.hpp>

namespace alignproof::inline dynamics {

/// What the law speaks of, and data that have it.
struct LawSetting {
  Data data;         ///< X X^T = K, up to rounding where K was given
  Matrix<double> K;  ///< n x n
  Vector<double> y;  ///< n
};

/// Throws InputError unless the data have one output.
LawSetting law_setting(Data data);
/// Of K itself: X is its eigenvectors times the roots of its eigenvalues. Throws InputError unless
/// K is symmetric positive semidefinite up to rounding and y fits it.
LawSetting law_setting(const std::string& name, const Matrix<double>& K, const Array& y);

/// gamma if K = gamma I up to rounding, else 0.
double isometric_gamma(const Matrix<double>& K);

/// tau / points, 2 tau / points, ..., tau.
std::vector<double> slow_times(double tau, std::size_t points);

struct LawWidths {
  std::vector<std::size_t> widths;
  std::size_t seeds = 1;  ///< runs a width
  double lambda = 1, eta = 0.2;
  std::size_t steps_after = 0;  ///< after the cut at the last of the times
  std::uint64_t seed = 1;       ///< every run has initial weights of its own
};

struct WidthRuns {
  std::vector<double> p;
  std::vector<std::vector<SlowRun>> runs;  ///< [width][run]

  bool any_diverged() const;
};

/// The result does not depend on `jobs`. Throws InputError on networks that cannot be sampled.
WidthRuns run_widths(const LawSetting& setting, const LawWidths& widths,
                     const std::vector<double>& times, std::size_t jobs, Progress& progress);

/// Which of a run's cosines is compared with the law's.
enum class LawCosine {
  with_penalty,  ///< at the last of the times
  after_cut,     ///< after the penalty was cut there
};

/// The cosine of one run.
double cosine_of(const SlowRun& run, LawCosine which);

/// |cosine - law| by width and run; at least 2^-53, so that it has a logarithm.
std::vector<std::vector<double>> gaps(const WidthRuns& runs, double law, LawCosine which);

}  // namespace alignproof::inline dynamics
