// SPDX-License-Identifier: Apache-2.0
// Networks of finite width on the slow time, with which the alignment law for every activation is
// compared. Any activation, k outputs, any learning rule; the network is that of dynamics/step.hpp
// in kernel form, with A(0) = W X^T, W of independent N(0, 1) and X X^T = K. Everything is
// dimensionless.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <alignproof/core/parallel.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/dynamics/law_widths.hpp>
#include <alignproof/dynamics/learning_rule.hpp>
#include <alignproof/mean_field/cloud.hpp>
#include <alignproof/mean_field/slow_penalty.hpp>

namespace alignproof::inline mean_field {

/// A run, with its weight angle as `cosine` and |e| of Frobenius as `error`.
struct NetworkSlowRun : SlowRun {
  std::vector<double> signal;   ///< signal angle at each of the times
  double signal_after_cut = 0;  ///< where the run ended after the cut
};

struct NetworkRuns {
  std::vector<std::size_t> widths;
  std::size_t seeds = 1;  ///< runs a width
  double eta = 0.2;
  SlowPenalty penalty;
  LearningRule rule = Rule::fa;
  /// Slow time is eta t / p^power: 1/2, and 1 for the own time of backpropagation.
  double power = 0.5;
  FeedbackLaw feedback = FeedbackLaw::normal;
  /// At most so many steps follow the cut at the last of the times. They end before where |e| is
  /// below `noise` |Y|: there e is rounding, and with it the signal angle.
  std::size_t steps_after = 0;
  double noise = 1e-10;
  std::uint64_t seed = 1;  ///< every run has initial weights of its own
};

struct NetworkSlowRuns {
  std::vector<double> p;
  std::vector<std::vector<NetworkSlowRun>> runs;  ///< [width][run]

  bool any_diverged() const;
  /// What tables and orders of the linear law take: all but the signal angle.
  WidthRuns cosines() const;
};

/// Steps until which slow time tau = eta t / p^power is reached, rounded up.
std::size_t steps_until(double tau, double eta, double p, double power);

/// The penalty by steps of a network of width p.
Penalty penalty_by_steps(const SlowPenalty& penalty, double eta, double p, double power);

/// Runs to each of `times` (ascending, >= 0), then without a penalty. A time is observed at the
/// first step that reaches it. The result does not depend on `jobs`; the bits depend on
/// fused_instructions(). A diverging run says at which step and has NaN from there on. A unit of
/// progress is 10^6 steps of a hidden unit. Throws InputError unless data and
/// penalty are valid, every width is >= 1, eta > 0, eta lambda < 1, and the networks can be held.
NetworkSlowRuns run_networks(const LawData& data, const Activation& psi, const NetworkRuns& runs,
                             const std::vector<double>& times, std::size_t jobs,
                             Progress& progress);

/// Bytes that a thread of run_networks takes at the most.
double memory_of_network(std::size_t p, std::size_t n, std::size_t k);

}  // namespace alignproof::inline mean_field
