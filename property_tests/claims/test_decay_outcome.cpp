// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/decay_outcome.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

using Decayed = Seen<DecayProbe>;

}  // namespace

TEST_CASE("a run decayed if nothing failed and enough could be judged", "[claims]") {
  Decayed run;
  run.judged = 50, run.below_rounding = 50, run.free_steps = 0;
  CHECK(decay_outcome(run) == SeedOutcome::success);
  CHECK(decayed(run));
  Decayed few = run;
  few.below_rounding = 51;
  CHECK(decay_outcome(few) == SeedOutcome::unjudged);
  CHECK_FALSE(decayed(few));
  Decayed none;
  CHECK(decay_outcome(none) == SeedOutcome::unjudged);
  Decayed cut = run;
  cut.free_steps = 3;
  CHECK(decay_outcome(cut) == SeedOutcome::unjudged);
  cut.judged_free = 1;
  CHECK(decay_outcome(cut) == SeedOutcome::success);
  Decayed diverged = run, violated = run;
  diverged.diverged_at = 7, violated.violation = 7;
  CHECK(decay_outcome(diverged) == SeedOutcome::failure);
  CHECK(decay_outcome(violated) == SeedOutcome::failure);
}
