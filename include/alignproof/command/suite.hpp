// SPDX-License-Identifier: Apache-2.0
// What the command works on: our claims, and what a program from outside brings beside them
// (reports/docs/your_own_claim.md).
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/claims/claim.hpp>
#include <alignproof/command/run.hpp>
#include <alignproof/dynamics/learning_rule.hpp>
#include <alignproof/network/activation_definition.hpp>

namespace alignproof::inline command {

class Suite {
 public:
  /// Our claims.
  Suite();

  /// Adds a claim to the table, after ours. Throws InputError unless its id is new and a word of
  /// letters, digits, _, - and ', its title, statement and plan are there, and the formulas of its
  /// text can be read (report/math.hpp).
  void add(Claim claim);

  /// From now on its name is known, as in --rule. Throws InputError if another rule has it.
  void add(const LearningRule& rule);

  /// The same of an activation (network/activation_definition.hpp), as in --activation. Throws
  /// InputError if another one has its name, or if psi contradicts what the definition says of it.
  void add(ActivationDefinition activation);

  /// Ours first, then those that were added, in this order.
  std::span<const Claim> claims() const { return claims_; }
  std::span<const Claim> brought() const { return claims().subspan(ours_); }

  /// Each throws InputError, listing the ids, on an unknown one.
  const Claim& claim_named(std::string_view id) const;
  /// Those with these ids, in this order; all of them without any.
  std::vector<Claim> chosen(const std::vector<std::string>& ids) const;

 private:
  std::vector<Claim> claims_;
  std::size_t ours_ = 0;
};

}  // namespace alignproof::inline command
