// SPDX-License-Identifier: Apache-2.0
#include <alignproof/dynamics/learning_rule.hpp>

#include <algorithm>
#include <mutex>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "dynamics/library_rules.hpp"
#include "format/enumerators.hpp"

namespace alignproof::inline dynamics {

namespace {

/// Those that were registered.
struct Registry {
  std::mutex mutex;
  std::vector<LearningRule> rules;
};

Registry& registry() {
  static Registry all;
  return all;
}

void append_new(std::vector<LearningRule>& all, const std::vector<LearningRule>& more) {
  for (const LearningRule& rule : more)
    if (std::find(all.begin(), all.end(), rule) == all.end()) all.push_back(rule);
}

LearningRule rule_of_theorem(Rule rule) {
  switch (rule) {
    case Rule::fa:
      return rules::fa();
    case Rule::bp:
      return rules::bp();
  }
  throw std::logic_error("no such rule");
}

/// The lock is the caller's.
std::vector<LearningRule> all_rules_with(const std::vector<LearningRule>& registered) {
  std::vector<LearningRule> all(std::begin(all_rules), std::end(all_rules));
  append_new(all, library_rules());
  append_new(all, registered);
  return all;
}

}  // namespace

LearningRule::LearningRule(Rule rule) : LearningRule(rule_of_theorem(rule)) {}

std::optional<Rule> LearningRule::theorem_rule() const {
  for (const Rule rule : all_rules)
    if (*this == LearningRule(rule)) return rule;
  return std::nullopt;
}

bool is_feedback_alignment(const LearningRule& rule) {
  const std::optional<Rule> closed = rule.theorem_rule();
  return closed && is_feedback_alignment(*closed);
}

Rule require_theorem_rule(const LearningRule& rule) {
  if (const std::optional<Rule> closed = rule.theorem_rule()) return *closed;
  throw InputError("rule", fmt::format("'{}'", rule.name()),
                   fmt::format("{}, of which Theorem A speaks", format::detail::any_of(all_rules)));
}

bool has_fast_form(const LearningRule& rule) {
  return rule.theorem_rule() || (!rule.hidden_learns() && !rule.b_moves());
}

std::vector<LearningRule> learning_rules() {
  Registry& all = registry();
  const std::scoped_lock lock(all.mutex);
  return all_rules_with(all.rules);
}

LearningRule learning_rule_from(std::string_view name) {
  return format::detail::named("rule", name, learning_rules());
}

void register_rule(const LearningRule& rule) {
  Registry& all = registry();
  const std::scoped_lock lock(all.mutex);
  for (const LearningRule& known : all_rules_with(all.rules))
    if (known.name() == rule.name())
      throw InputError("name of a rule", fmt::format("'{}'", rule.name()),
                       "one that no other rule has");
  all.rules.push_back(rule);
}

void detail::refuse_number(std::string_view rule) {
  throw std::logic_error(fmt::format("rule {} in a number type that it is not compiled for", rule));
}

}  // namespace alignproof::inline dynamics
