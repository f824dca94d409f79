// SPDX-License-Identifier: Apache-2.0
// The sharp forms of Theorem A: its bounds as polynomials in S = eta sum |e|, up to the S that the
// certificate states; notation and proofs: reports/docs/theorem_a_variants.md, sections 15 and 21.
#include <alignproof/core/no_fast_math.hpp>

#include "sharp_forms.hpp"

#include <stdexcept>

namespace alignproof::check {

namespace {

/// |Psi(t) - Psi(T)|_F <= sqrt p kap S
Ball kap_of(const Problem& P, const SpectralWitness& w) {
  return square(P.psi.L1) * sqrt(P.B2) * w.K_norm / P.sqrt_p;
}

/// |L(sigma)| <= linear |sigma| at the exact state: with the radii at the worst; not even at the
/// best.
Condition require_linear_drift(const std::string& matrix, const DriftFacts& drift,
                               const Ball& linear) {
  const BallMatrix squared = transposed_product(drift.T, drift.T);
  Condition condition = require_definite(matrix, square(max(0, linear - drift.shift)) - squared);
  if (condition.decision == Decision::violated &&
      require_definite(matrix, square(max(0, linear + drift.shift)) - squared).decision !=
          Decision::violated)
    condition.decision = Decision::undecided;
  return condition;
}

Growth growth_in_form(std::vector<Condition>& conditions, const std::string& name,
                      const Orbit& orbit, const Facts& facts, const Leg& leg) {
  const Problem& P = orbit.problem();
  switch (leg.form) {
    case ClosingForm::rate:
      throw std::logic_error("the first form of Theorem A has no S");
    case ClosingForm::bootstrap:
      return growth(P, facts, leg.witness);
    case ClosingForm::second_order_drift: {
      const DriftFacts drift = drift_facts_at(P, orbit.point(), orbit.radii());
      conditions.push_back(
          require_linear_drift(name + "linear_drift^2 I - T^T T", drift, leg.linear_drift));
      return growth_of_second_order(P, facts, leg.witness, drift, leg.linear_drift);
    }
  }
  throw std::logic_error("no such form");
}

}  // namespace

Growth growth(const Problem& P, const Facts& facts, const SpectralWitness& w) {
  const auto& [L1, L2, frozen_signs] = P.psi;
  const Ball Gs = sqrt(w.G_max), K = w.K_norm, kap = kap_of(P, w);
  const Ball h2 = 2 * square(L1) * L2 * P.kmax * K / P.sqrt_p;
  const Ball v2 = square(L1) * L2 * P.k_o_k / (2 * P.sqrt_p), root_B4p = sqrt(P.B4) / P.sqrt_p;
  return {
      .D = {0, 3 * kap * Gs + h2 * facts.Q, square(kap) / 2},
      .rise = {0, 0, square(kap)},
      .Cv = {kap * Gs + v2 * facts.Q, square(kap) + v2 * root_B4p * Gs, v2 * root_B4p * kap / 2},
      .rho = {0, Gs, kap / 2}};
}

Growth growth_of_second_order(const Problem& P, const Facts& facts, const SpectralWitness& w,
                              const DriftFacts& drift, const Ball& linear) {
  const auto& [L1, L2, frozen_signs] = P.psi;
  const Ball Gs = sqrt(w.G_max), K = w.K_norm, kap = kap_of(P, w), p = Ball::count(P.p);
  const Ball L11 = square(L1), root_B4 = sqrt(P.B4);
  const Ball of_Psi = L11 * L2 * root_B4 * Gs * (P.kmax * K + P.k_o_k);
  const Ball of_beta = square(kap) / 2;
  const Ball of_D = L11 * K * square(P.kmax) * (2 * square(L2) + L1 * drift.L3) * drift.Q3;
  const Ball of_both = L11 * L2 * K * P.kmax * root_B4;
  Growth g = growth(P, facts, w);
  g.D = {0, linear, of_beta + (of_Psi + of_D + 2 * of_both * Gs) / p, of_both * kap / p};
  return g;
}

Constants check_sharp_form(std::vector<Condition>& conditions, const std::string& name,
                           const Orbit& orbit, const Facts& facts, const Leg& leg) {
  const Problem& P = orbit.problem();
  const Ball S = leg.S, M_min = leg.witness.M_min, M_max = leg.witness.M_max;
  const Ball alpha = leg.statement.alpha, eta_E = P.eta * facts.E;
  const Growth g = growth_in_form(conditions, name, orbit, facts, leg);
  conditions.push_back(require_greater(name + "S > 0", S, 0));
  conditions.push_back(require_at_least(name + "mu(S) = M_min - D(S) - eta Cv(S) E >= alpha",
                                        M_min - value_at(g.D, S) - eta_E * value_at(g.Cv, S),
                                        alpha));
  conditions.push_back(
      require_at_least(name + "int_0^S mu >= E",
                       M_min * S - integral_to(g.D, S) - eta_E * integral_to(g.Cv, S), facts.E));
  conditions.push_back(require_at_least(name + "2 >= eta (M_min + M_max + kap^2 S^2)", 2,
                                        P.eta * (M_min + M_max + value_at(g.rise, S))));
  if (P.psi.frozen_signs)
    conditions.push_back(require_greater(name + "|a_ri| > |b_r| L1 k_i S / sqrt p",
                                         sign_margin(P, orbit.point(), orbit.radii(), S), 0));
  Constants c;
  c.R = S;
  c.rho = value_at(g.rho, S);
  c.A_displacement = P.psi.L1 * sqrt(P.B2) * leg.witness.K_norm * S;
  return c;
}

}  // namespace alignproof::check
