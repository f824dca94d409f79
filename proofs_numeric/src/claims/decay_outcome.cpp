// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/decay_outcome.hpp>

#include <cmath>

namespace alignproof::inline claims {

SeedOutcome decay_outcome(const Run& run, const DecayProbe::Record& decay) {
  if (run.diverged_at || decay.violation) return SeedOutcome::failure;
  const bool mostly_judged = decay.judged > 0 && decay.judged >= decay.below_rounding;
  const bool free_judged = decay.free_steps == 0 || decay.judged_free > 0;
  return mostly_judged && free_judged ? SeedOutcome::success : SeedOutcome::unjudged;
}

double share_promised(double eta_gamma, double sup) {
  return sup < 1 ? eta_gamma / 4 / (1 - sup) : INFINITY;
}

bool decayed(const Run& run, const DecayProbe::Record& decay) {
  return decay_outcome(run, decay) == SeedOutcome::success;
}

}  // namespace alignproof::inline claims
