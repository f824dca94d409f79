// SPDX-License-Identifier: Apache-2.0
// Verdicts. Never a bool: "undecided" is neither "refuted" nor "passed".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <alignproof/core/receipt.hpp>

namespace alignproof::inline core {

/// From best to worst; a claim over several instances shows the worst.
enum class VerdictKind { proved, exact, holds, sampled, undecided, refuted, invalid };

/// A verdict and the words that qualify it, for instance `holds` "0.9 at level 1e-8, 175 seeds".
class Verdict {
 public:
  /// About an instance, for all t. Weakens to `undecided` when the checker did not accept. A
  /// certificate from a checkpoint says so in its detail.
  static Verdict proved(const CheckReceipt& receipt);
  /// Rational arithmetic; covers the steps run.
  static Verdict exact(std::string detail) { return {VerdictKind::exact, std::move(detail)}; }
  /// A statistical test passed at the level stated in the detail.
  static Verdict holds(std::string detail) { return {VerdictKind::holds, std::move(detail)}; }
  /// No counterexample in N cases: carries no level.
  static Verdict sampled(std::string detail) { return {VerdictKind::sampled, std::move(detail)}; }
  static Verdict undecided(std::string why) { return {VerdictKind::undecided, std::move(why)}; }
  /// The detail names a witness that can be replayed.
  static Verdict refuted(std::string witness) { return {VerdictKind::refuted, std::move(witness)}; }
  static Verdict invalid(std::string why) { return {VerdictKind::invalid, std::move(why)}; }

  /// The same verdict with words before its detail.
  Verdict qualified(const std::string& words) const { return {kind_, words + detail_}; }

  VerdictKind kind() const { return kind_; }
  const std::string& detail() const { return detail_; }
  /// One word for a table: the kind, with an asterisk where `proved` has a condition.
  std::string label() const;
  /// "holds (0.9 at level 1e-8, 175 seeds)"
  std::string text() const;

 private:
  Verdict(VerdictKind kind, std::string detail) : kind_(kind), detail_(std::move(detail)) {}

  VerdictKind kind_;
  std::string detail_;
};

std::string_view to_string(VerdictKind kind);

/// The worst of several verdicts; `undecided` when there are none. Of equals the first stands.
Verdict worst(const std::vector<Verdict>& verdicts);

/// 2 something invalid, 1 something refuted, 3 something undecided, else 0, in this precedence.
int exit_code(const std::vector<Verdict>& verdicts);

}  // namespace alignproof::inline core
