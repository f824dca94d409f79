// SPDX-License-Identifier: Apache-2.0
// The reduced dynamics on the slow time tau = eta t / sqrt p, with which the alignment law is
// compared.
#pragma once

#include <optional>
#include <vector>

#include <alignproof/dynamics/reduced.hpp>

namespace alignproof::inline dynamics {

struct SlowRun {
  std::vector<double> cosine, error;  ///< at each of the times; NaN from a divergence on
  double after_cut = 0;               ///< cosine after the cut at the last of the times
  double error_after_cut = 0;         ///< |e| there
  std::optional<std::size_t> diverged_at;
};

/// Steps until which slow time tau is reached, rounded up.
std::size_t steps_until(double tau, double eta, double p);

/// Runs to each of `times` (ascending, >= 0) with the problem's own penalty, then `steps_after`
/// steps without any.
SlowRun run_on_slow_time(ReducedProblem<double> problem, const std::vector<double>& times,
                         std::size_t steps_after);

/// Derivatives of (u, w, s) at t + 1 by those at t, (2n + 1) x (2n + 1): what a small perturbation
/// of the state is multiplied by. One output; c, which decays on its own, is left out.
Matrix<double> jacobian(const ReducedProblem<double>& problem, const ReducedForward<double>& at,
                        std::size_t t);

/// Where a run stops to follow the slow manifold: the first t with |e(t) - e(t-1)| > |e(t)|, where
/// e has begun to flip its sign, after the least eigenvalue m_t of the Jacobian has passed -1.
struct StabilityLoss {
  std::size_t step = 0;
  double tau = 0;
  double cosine = 0;  ///< the largest until then
  double gain = 0;    ///< sum of ln |m_t| since then
};

/// Real, double or Mpfr, says with how many digits the run rounds. One output. Nothing if stability
/// is not lost within `most_steps`.
template <class Real>
std::optional<StabilityLoss> loss_of_stability(const ReducedProblem<Real>& problem,
                                               std::size_t most_steps);

}  // namespace alignproof::inline dynamics
