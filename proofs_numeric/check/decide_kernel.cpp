// SPDX-License-Identifier: Apache-2.0
// The decision about a kernel certificate: gamma_lower <= lambda_min(Gbar) <= gamma_upper.
#include <alignproof/core/no_fast_math.hpp>

#include "decide_kernel.hpp"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>

#include "limit_kernel.hpp"
#include "matrix.hpp"

namespace alignproof::check {

namespace {

/// Why gamma = 0, if the exact rows of X say so.
std::optional<std::string> reason_for_zero(const KernelCertificate& c) {
  const std::size_t n = c.n(), d = c.d();
  const Symmetry& psi = row_of(c.activation).symmetry;
  const auto all = [&](auto holds) {
    for (std::size_t m = 0; m < d; ++m)
      if (!holds(m)) return false;
    return true;
  };
  if (psi.linear && n > d) return "n > d";
  for (std::size_t i = 0; i < n; ++i) {
    if (psi.zero_at_zero && all([&](std::size_t m) { return order_of(c.X(i, m)) == 0; }))
      return fmt::format("row {} of X is 0", i);
    for (std::size_t j = 0; j < i; ++j) {
      if (all([&](std::size_t m) { return order_of(c.X(i, m)) == order_of(c.X(j, m)); }))
        return fmt::format("rows {} and {} of X are equal", j, i);
      if (psi.odd &&
          all([&](std::size_t m) { return order_of(c.X(i, m)) == -order_of(c.X(j, m)); }))
        return fmt::format("rows {} and {} of X are opposite", j, i);
    }
  }
  return std::nullopt;
}

constexpr const char *lower = "gamma >= gamma_lower", *upper_side = "gamma_upper >= gamma";

std::string pivot_text(const Definiteness& found, std::size_t n) {
  return fmt::format("pivot {} of {} is {}", found.column + 1, n, text(found.pivot));
}

Condition lower_side(const BallMatrix& G, double gamma_lower) {
  if (order_of(gamma_lower) <= 0) return {lower, Decision::proved, "Gbar is positive semidefinite"};
  const Definiteness found = positive_definite(G - gamma_lower);
  if (found.decision == Decision::proved) return {lower, Decision::proved, "all pivots > 0"};
  // A pivot that is certainly < 0 refutes; the last one may be 0, an earlier one says nothing then.
  Decision decision = Decision::undecided;
  if (arb_is_negative(found.pivot.get()))
    decision = Decision::violated;
  else if (arb_is_zero(found.pivot.get()) && found.column + 1 == G.rows())
    decision = Decision::proved;
  return {lower, decision, pivot_text(found, G.rows())};
}

Condition upper_side_of(const BallMatrix& G, double gamma_upper) {
  if (order_of(gamma_upper) < 0)
    return {upper_side, Decision::violated, "Gbar is positive semidefinite, gamma_upper < 0"};
  const Definiteness found = positive_definite(G - gamma_upper);
  switch (found.decision) {
    case Decision::proved:
      return {upper_side, Decision::violated, "all pivots of Gbar - gamma_upper I are > 0"};
    case Decision::violated:
      return {upper_side, Decision::proved, pivot_text(found, G.rows())};
    case Decision::undecided:
      break;
  }
  return {upper_side, Decision::undecided, pivot_text(found, G.rows())};
}

void check_both_sides(std::vector<Condition>& conditions, const KernelCertificate& c,
                      Budget& budget) {
  const double n = static_cast<double>(c.n()), d = static_cast<double>(c.d());
  // To compare all pairs of rows costs little beside K, the entries and the elimination.
  const double rows = n * n * d / 32, matrices = n * n * (d + 64) + n * n * n;
  const bool few = budget.allows(rows, fmt::format("{} x {} comparisons of rows", c.n(), c.n()));
  if (const std::optional<std::string> reason = few ? reason_for_zero(c) : std::nullopt) {
    budget.spend(rows);
    for (const auto& [name, holds] : {std::pair{lower, order_of(c.gamma_lower) <= 0},
                                      {upper_side, order_of(c.gamma_upper) >= 0}})
      conditions.push_back({name, holds ? Decision::proved : Decision::violated,
                            fmt::format("gamma = 0, as {}", *reason)});
    return;
  }
  if (!budget.allows(rows + matrices, fmt::format("{} x {} entries", c.n(), c.n()))) {
    for (const char* name : {lower, upper_side})
      conditions.push_back({name, Decision::undecided, "not looked at"});
    return;
  }
  budget.spend(rows + matrices);
  const BallMatrix G = limit_kernel(c.activation, gram_of_rows(c.X), budget);
  conditions.push_back(lower_side(G, c.gamma_lower));
  conditions.push_back(upper_side_of(G, c.gamma_upper));
}

}  // namespace

Budget budget_of(const KernelCertificate& certificate) {
  return Budget::of_numbers(certificate.X.values.size());
}

Findings verify_at(const KernelCertificate& c, long bits, Budget& budget) {
  require_accepted(c.activation);
  require_kernel(c.activation);
  const PrecisionScope scope(bits);
  Findings findings{.bits = bits};
  std::vector<Condition>& conditions = findings.conditions;
  conditions.push_back(
      require_at_least("gamma_upper >= gamma_lower", c.gamma_upper, c.gamma_lower));
  findings.complete = decide(conditions) == Decision::proved;
  if (findings.complete) {
    check_both_sides(conditions, c, budget);
    if (budget.exhausted() && decide(conditions) != Decision::proved)
      conditions.push_back(over_budget(budget));
  }
  findings.decision = decide(conditions);
  findings.work = budget.spent();
  return findings;
}

Findings verify_at(const KernelCertificate& certificate, long bits) {
  Budget budget = budget_of(certificate);
  return verify_at(certificate, bits, budget);
}

Findings verify(const KernelCertificate& certificate, long first_bits, long last_bits) {
  Budget budget = budget_of(certificate);
  return with_rising_precision([&](long bits) { return verify_at(certificate, bits, budget); },
                               budget, first_bits, last_bits);
}

}  // namespace alignproof::check
