// SPDX-License-Identifier: Apache-2.0
// Verdicts. Never a bool: "undecided" is neither "refuted" nor "passed".
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/core/receipt.hpp>

namespace alignproof::inline core {

/// From best to worst; a claim over several instances shows the worst.
enum class VerdictKind { proved, exact, holds, sampled, undecided, refuted, invalid };

/// The two checkers contradict each other about a certificate, or the formal one broke down: no
/// verdict stands for that, and a person must look at the folder, which what() names.
class Disagreement : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A verdict and the words that qualify it, for instance `holds` "0.9 at level 1e-8, 175 seeds".
class Verdict {
 public:
  /// About an instance, for all t. Weakens to `undecided` when the checker did not accept. A
  /// certificate from a checkpoint says so in its detail.
  static Verdict proved(const CheckReceipt& receipt);
  /// The same, with what the formal checker answered about the same folder: it adds its route, or
  /// why it could not decide. Throws Disagreement.
  static Verdict proved(const CheckReceipt& receipt, const FormalReceipt& formal);
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
  Verdict qualified(const std::string& words) const;

  VerdictKind kind() const { return kind_; }
  const std::string& detail() const { return detail_; }
  /// By which routes it is proved; none of another kind.
  const std::vector<Route>& routes() const { return routes_; }
  /// One line: why the formal checker, which was asked, is not among the routes; else empty.
  const std::string& not_formal() const { return not_formal_; }
  /// One word for a table: the kind, with an asterisk where `proved` has a condition.
  std::string label() const;
  /// All that qualifies the kind, routes included: "checker, formal"; may be empty.
  std::string words() const;
  /// "holds (0.9 at level 1e-8, 175 seeds)", "proved (checker, formal)"
  std::string text() const;

 private:
  Verdict(VerdictKind kind, std::string detail) : kind_(kind), detail_(std::move(detail)) {}

  friend Verdict worst(const std::vector<Verdict>& verdicts);

  VerdictKind kind_;
  std::string detail_;
  std::vector<Route> routes_;
  std::string not_formal_;
};

std::string_view to_string(VerdictKind kind);

/// Does one of its routes prove it?
bool proved_by(const Verdict& verdict, Route route);

/// The worst of several verdicts; `undecided` when there are none. Of equals the first stands;
/// where all are proved, by the routes that prove every one of them, and a condition of one is one
/// of all.
Verdict worst(const std::vector<Verdict>& verdicts);

/// 2 something invalid, 1 something refuted, 3 something undecided, else 0, in this precedence.
int exit_code(const std::vector<Verdict>& verdicts);

}  // namespace alignproof::inline core
