// SPDX-License-Identifier: Apache-2.0
// What eta sum lambda may be by the numbers at t = 0 (reports/docs/penalty_budget.md).
#pragma once

#include <alignproof/claims/probe.hpp>

namespace alignproof::inline claims {

class BudgetProbe {
 public:
  static constexpr bool only_start = true;
  struct Record {
    /// Nothing where the step is too large, where no sum is allowed at all, or without a penalty.
    std::optional<double> penalty_budget;
  };

  explicit BudgetProbe(const RunContext& run) : run_(run) {}
  void observe(const Moment& now);
  Record finish(const Outcome&) { return record_; }

 private:
  RunContext run_;
  Record record_;
};

}  // namespace alignproof::inline claims
