// SPDX-License-Identifier: Apache-2.0
// Inequalities that a certificate must satisfy, and what is known of them.
#include <alignproof/core/no_fast_math.hpp>

#include "conditions.hpp"

#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>

namespace alignproof::check {

std::string describe(Decision decision, const Ball& left, const Ball& right) {
  const Ball difference = left - right;
  switch (decision) {
    case Decision::proved:
      return fmt::format("by {}", text(difference));
    case Decision::violated:
      return fmt::format("{} against {}, short by {}", text(left), text(right), text(right - left));
    case Decision::undecided:
      return fmt::format("the difference is {}", text(difference));
  }
  throw std::logic_error("no such decision");
}

/// left >= right
Condition require_at_least(std::string inequality, const Ball& left, const Ball& right) {
  const Decision decision = at_least(left, right);
  return {std::move(inequality), decision, describe(decision, left, right),
          Sides{left, right, left - right}};
}

/// left > right
Condition require_greater(std::string inequality, const Ball& left, const Ball& right) {
  const Decision decision = greater(left, right);
  return {std::move(inequality), decision, describe(decision, left, right),
          Sides{left, right, left - right}};
}

Condition require_definite(const std::string& matrix, const BallMatrix& A) {
  const Definiteness found = positive_definite(A);
  Condition condition{matrix + " positive definite", found.decision, "all pivots > 0"};
  if (found.decision != Decision::proved)
    condition.detail =
        fmt::format("pivot {} of {} is {}", found.column + 1, A.rows(), text(found.pivot));
  return condition;
}

void check_cosine(std::vector<Condition>& conditions, const std::string& name,
                  const CosineBracket& cosine, const Statement& claim) {
  // A cosine is between -1 and 1 whatever is known of the rest.
  conditions.push_back(require_at_least(
      name + "lower end of the cosine bracket >= cos_min",
      order_of(claim.cos_min) <= order_of(-1) ? Ball(-1) : cosine.lower, claim.cos_min));
  conditions.push_back(
      require_at_least(name + "cos_max >= upper end of the cosine bracket", claim.cos_max,
                       order_of(claim.cos_max) >= order_of(1) ? Ball(1) : cosine.upper));
}

Condition AtEveryStep::condition() const {
  if (!seen_) return {worst_.inequality, Decision::proved, "no step before it"};
  Condition condition = worst_;
  condition.detail =
      fmt::format("{}{}, t = {}", worst_.decision == Decision::proved ? "at least " : "",
                  describe(worst_.decision, worst_.sides->left, worst_.sides->right), *worst_.step);
  return condition;
}

void AtEveryStep::take(std::size_t t, Decision decision, const Ball& left, const Ball& right) {
  const Ball slack = left - right;
  if (seen_ && both(worst_.decision, decision) == worst_.decision &&
      (decision != worst_.decision || !arb_lt(slack.get(), slack_.get())))
    return;
  seen_ = true;
  slack_ = slack;
  worst_.sides = Sides{left, right, slack};
  worst_.step = t;
  worst_.decision = decision;
}

Condition over_budget(const Budget& budget) {
  return {"work within the budget", Decision::undecided, budget.reason()};
}

Decision decide(const std::vector<Condition>& conditions) {
  Decision decision = Decision::proved;
  for (const Condition& condition : conditions) decision = both(decision, condition.decision);
  return decision;
}

}  // namespace alignproof::check
