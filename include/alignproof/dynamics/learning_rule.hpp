// SPDX-License-Identifier: Apache-2.0
// A learning rule: what the error returns through, and how these feedback weights b move.
//
//   w_r  <- w_r - (eta / sqrt p) sum_i <back_r, e_i> psi'(a_ri) x_i
//   beta <- kept beta + update,    kept = 1 - eta lambda(t),    update = -(eta / sqrt p) Psi e
//   b    <- next_b
//
// Rules are local: back_rc and the next b_rc depend on b_rc, beta_rc, kept and update_rc alone, all
// of time t. How one is written: rule_definition.hpp and reports/docs/rules.md.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <typeinfo>
#include <vector>

#include <alignproof/format/instance.hpp>

namespace alignproof::inline dynamics {

/// What beta does at one entry: beta(t+1) = kept beta(t) + update.
template <class Real>
struct BetaStep {
  const Real& kept;
  const Real& update;
};

/// A rule in one number type, over the entries of arrays of the same shape in the same order.
template <class Real>
struct RuleActions {
  void (*back)(std::span<const Real> b, std::span<const Real> beta, std::span<Real> back);
  /// b moves; beta is still that of time t.
  void (*move)(std::span<Real> b, std::span<const Real> beta, const Real& kept,
               std::span<const Real> update);
};

namespace detail {

/// A rule whatever the number type: `actions(typeid(Real))` are its RuleActions<Real>, or null.
struct ErasedRule {
  std::string_view name;
  bool hidden_learns, b_moves;
  const void* (*actions)(const std::type_info& number);
};

[[noreturn]] void refuse_number(std::string_view rule);

}  // namespace detail

/// A value: copied freely, equal to its copies alone.
class LearningRule {
 public:
  /// Each rule of the theorems is a learning rule.
  LearningRule(Rule rule = Rule::fa);  // NOLINT: by design

  std::string_view name() const { return erased_->name; }
  /// Whether hidden weights move. If not, beta alone learns, and back is 0.
  bool hidden_learns() const { return erased_->hidden_learns; }
  /// Whether b moves. If not, it stays what it was at t = 0.
  bool b_moves() const { return erased_->b_moves; }

  /// The rule of the theorems that this is, and nothing for all others: the one way from a learning
  /// rule to Theorems A and B, their certificates and rounding bounds.
  std::optional<Rule> theorem_rule() const;

  /// Throws std::logic_error unless Real is float, double, Mpfr, BinFloat100 or Exact.
  template <class Real>
  const RuleActions<Real>& actions() const {
    const void* found = erased_->actions(typeid(Real));
    if (!found) detail::refuse_number(name());
    return *static_cast<const RuleActions<Real>*>(found);
  }

  bool operator==(const LearningRule&) const = default;

 private:
  explicit LearningRule(const detail::ErasedRule& erased) : erased_(&erased) {}
  template <class Definition>
  friend LearningRule learning_rule();

  const detail::ErasedRule* erased_;
};

inline std::string_view to_string(const LearningRule& rule) {
  return rule.name();
}

/// Whether this is the rule of the paper and of Theorems A and B.
bool is_feedback_alignment(const LearningRule& rule);

/// `rule.theorem_rule()`. Throws InputError where there is none.
Rule require_theorem_rule(const LearningRule& rule);

/// fa, bp, and rules by which beta alone learns while b stays: what is written for speed (the fused
/// pass, classifiers of images) knows these.
bool has_fast_form(const LearningRule& rule);

/// The rules of the theorems, the others of the library, and those that were registered.
std::vector<LearningRule> learning_rules();
/// Throws InputError, listing all names, on an unknown one.
LearningRule learning_rule_from(std::string_view name);
/// From now on `learning_rule_from` knows it. Throws InputError if a rule has its name already. Any
/// thread may call it.
void register_rule(const LearningRule& rule);

}  // namespace alignproof::inline dynamics
