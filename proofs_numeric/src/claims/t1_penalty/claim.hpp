// SPDX-License-Identifier: Apache-2.0
// T1' with other sizes than those of the profile, for tests.
#pragma once

#include <functional>

#include <alignproof/claims/claim.hpp>

namespace alignproof::inline claims {

/// A network with a penalty: its width, lambda at the start, the step of the cut, steps in all.
struct PenaltySizes {
  std::size_t p;
  double lambda;
  std::size_t cut, steps;
};

/// A penalty cut after some steps, lambda ratio^t, and lambda / (1 + t/time)^2; at widths at which
/// their sums are within the budget that is proved, for tanh and for a linear network.
struct PenaltyRuns {
  PenaltySizes tanh = {32768, 0.5, 10, 30}, linear = {8192, 1, 30, 60};
  double decay_ratio = 0.9, decay_time = 10;
  /// Seeds more than the profile's, for those whose |e(0)| is too large for any budget.
  std::size_t spare = 5;
  /// The same penalties far beyond their budget: looked at, not judged.
  PenaltySizes beyond = {1024, 1, 60, 120};
  std::size_t beyond_seeds = 20;
};
PenaltyRuns penalty_runs(const Profile& profile);

Claim penalty_claim(std::function<PenaltyRuns(const Profile&)> sizes);

}  // namespace alignproof::inline claims
