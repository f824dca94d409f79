// SPDX-License-Identifier: Apache-2.0
// The decision about a law certificate, condition by condition.
#include <alignproof/core/no_fast_math.hpp>

#include "decide_law.hpp"

#include <cmath>
#include <string>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>

#include "activation.hpp"
#include "isometric_law.hpp"

namespace alignproof::check {

namespace {

/// Those of the certificate alone.
void check_numbers(std::vector<Condition>& conditions, const LawCertificate& c) {
  conditions.push_back(require_greater("gamma > 0", c.gamma, 0));
  conditions.push_back(require_greater("lambda > 0", c.lambda, 0));
  conditions.push_back(require_greater("tau > 0", c.tau, 0));
  conditions.push_back(require_at_least("M_lower >= 0", c.values.M.lower, 0));
  conditions.push_back(require_at_least("M_upper >= M_lower", c.values.M.upper, c.values.M.lower));
}

/// Exact: doubles are compared.
bool targets_fit(const LawCertificate& c) {
  const bool odd = row_of(c.activation).symmetry.odd;
  const double first = c.y.values.front();
  for (const double y : c.y.values) {
    const bool equal = order_of(y) == order_of(first), opposite = order_of(y) == order_of(-first);
    if (!equal && !(odd && opposite)) return false;
  }
  return order_of(first) != order_of(0.0);
}

void check_targets(std::vector<Condition>& conditions, const LawCertificate& c) {
  const bool odd = row_of(c.activation).symmetry.odd;
  const bool fit = targets_fit(c);
  conditions.push_back({odd ? "all |y_i| equal and not 0" : "all y_i equal and not 0",
                        fit ? Decision::proved : Decision::violated, fit ? "each" : "not each"});
}

void check_bounds(std::vector<Condition>& conditions, const char* name, const LawBounds& bounds,
                  const Ball& value) {
  conditions.push_back(
      require_at_least(fmt::format("{0} >= {0}_lower", name), value, bounds.lower));
  conditions.push_back(
      require_at_least(fmt::format("{0}_upper >= {0}", name), bounds.upper, value));
}

/// The time at which M is reached grows with M, so tau is between those of the ends.
void check_bracket(std::vector<Condition>& conditions, const LawCertificate& c,
                   const IsometricLaw& law) {
  const Ball others = Ball::count(c.n() - 1), length = std::abs(c.y.values.front());
  const Ball time = c.lambda * length * c.tau;
  const auto integral = [&](const IsometricIntegrals& of, double M) {
    return c.lambda * Ball(M) + of.g2 + others * of.g11;
  };
  conditions.push_back(require_at_least("lambda ybar tau >= integral up to M_lower", time,
                                        integral(law.to_low, c.values.M.lower)));
  conditions.push_back(require_at_least("integral up to M_upper >= lambda ybar tau",
                                        integral(law.to_high, c.values.M.upper), time));
}

void check_values(std::vector<Condition>& conditions, const LawCertificate& c,
                  const IsometricMoments& of) {
  const Ball root_n = sqrt(Ball::count(c.n())), length = std::abs(c.y.values.front());
  const Ball largest = of.g2 + Ball::count(c.n() - 1) * of.g11;
  const Ball smallest = c.n() == 1 ? largest : of.g2 - of.g11;
  const LawValues& claimed = c.values;
  check_bounds(conditions, "smallest", claimed.smallest, smallest);
  check_bounds(conditions, "largest", claimed.largest, largest);
  check_bounds(conditions, "cosine", claimed.cosine, root_n * of.phi / sqrt(largest));
  check_bounds(conditions, "error", claimed.error,
               c.lambda * root_n * length / (c.lambda + largest));
}

}  // namespace

Budget budget_of(const LawCertificate& certificate) {
  return Budget::of_numbers(certificate.y.values.size());
}

Findings verify_at(const LawCertificate& c, long bits, Budget& budget) {
  require_accepted(c.activation);
  require_isometric(c.activation);
  const PrecisionScope scope(bits);
  Findings findings{.bits = bits};
  std::vector<Condition>& conditions = findings.conditions;
  const auto proved = [&] { return decide(conditions) == Decision::proved; };
  check_numbers(conditions, c);
  check_targets(conditions, c);
  findings.complete = proved();
  if (findings.complete) {
    const IsometricLaw law =
        isometric_law(c.activation, c.gamma, c.values.M.lower, c.values.M.upper, budget);
    check_bracket(conditions, c, law);
    findings.complete = proved();
    if (findings.complete) check_values(conditions, c, law.between);
    if (budget.exhausted() && !proved()) conditions.push_back(over_budget(budget));
  }
  findings.decision = decide(conditions);
  findings.work = budget.spent();
  return findings;
}

Findings verify_at(const LawCertificate& certificate, long bits) {
  Budget budget = budget_of(certificate);
  return verify_at(certificate, bits, budget);
}

Findings verify(const LawCertificate& certificate, long first_bits, long last_bits) {
  Budget budget = budget_of(certificate);
  return with_rising_precision([&](long bits) { return verify_at(certificate, bits, budget); },
                               budget, first_bits, last_bits);
}

}  // namespace alignproof::check
