// SPDX-License-Identifier: Apache-2.0
#include "claims/t1_penalty/budget.hpp"

#include <alignproof/bounds/instantiations.hpp>
#include <alignproof/bounds/penalty_budget.hpp>

namespace alignproof::inline claims {

void BudgetProbe::observe(const Moment& now) {
  if (now.t > 0 || !(run_.problem.penalty.lambda > 0)) return;
  const auto numbers = penalty_start(run_.problem, now.at, now.state);
  if (!numbers) return;
  if (const auto budget = penalty_budget(*numbers, run_.gamma() / 4))
    record_.penalty_budget = budget->sum;
}

}  // namespace alignproof::inline claims
