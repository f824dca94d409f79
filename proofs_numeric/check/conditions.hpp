// SPDX-License-Identifier: Apache-2.0
// Inequalities that a certificate must satisfy, and what is known of them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <alignproof/format/certificate.hpp>

#include "budget.hpp"
#include "matrix.hpp"
#include "theorem_a.hpp"

namespace alignproof::check {

/// left >= right or left > right, as enclosed, and what is left of it: left - right.
struct Sides {
  Ball left, right, margin;
};

/// One inequality and what is known of it.
struct Condition {
  std::string inequality;  ///< "error >= E"
  Decision decision = Decision::undecided;
  std::string detail{};               ///< by how much it holds or fails
  std::optional<Sides> sides{};       ///< of an inequality between two numbers
  std::optional<std::size_t> step{};  ///< of one at many steps: the t of the smallest margin
};

/// left >= right, and left > right.
Condition require_at_least(std::string inequality, const Ball& left, const Ball& right);
Condition require_greater(std::string inequality, const Ball& left, const Ball& right);
/// By elimination; the lower triangle of A is read.
Condition require_definite(const std::string& matrix, const BallMatrix& A);
/// The bracket lies within cos_min and cos_max of the claim.
void check_cosine(std::vector<Condition>& conditions, const std::string& name,
                  const CosineBracket& cosine, const Statement& claim);

/// "by 0.1", "0.1 against 0.2, short by 0.1", "the difference is ..."
std::string describe(Decision decision, const Ball& left, const Ball& right);

/// An inequality at many steps: the step that is worst stands for all.
class AtEveryStep {
 public:
  explicit AtEveryStep(std::string inequality) { worst_.inequality = std::move(inequality); }

  /// left >= right
  void require(std::size_t t, const Ball& left, const Ball& right) {
    take(t, at_least(left, right), left, right);
  }
  /// left > right
  void require_greater(std::size_t t, const Ball& left, const Ball& right) {
    take(t, greater(left, right), left, right);
  }

  bool violated() const { return seen_ && worst_.decision == Decision::violated; }

  /// Of no step nothing needs to be shown.
  Condition condition() const;

 private:
  void take(std::size_t t, Decision decision, const Ball& left, const Ball& right);

  Condition worst_;  ///< without its detail
  Ball slack_;
  bool seen_ = false;
};

/// Undecided, since more work is not allowed.
Condition over_budget(const Budget& budget);

/// The worst of all.
Decision decide(const std::vector<Condition>& conditions);

}  // namespace alignproof::check
