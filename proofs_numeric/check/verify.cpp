// SPDX-License-Identifier: Apache-2.0
// The decision about a certificate: every condition that must hold for it to prove its claim.
#include "verify.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "matrix.hpp"
#include "theorem_a.hpp"

namespace alignproof::check {

namespace {

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
  return "";
}

/// left >= right
Condition require_at_least(std::string inequality, const Ball& left, const Ball& right) {
  const Decision decision = at_least(left, right);
  return {std::move(inequality), decision, describe(decision, left, right)};
}

/// left > 0
Condition require_positive(std::string inequality, double left) {
  const Decision decision = greater(left, 0);
  return {std::move(inequality), decision, describe(decision, left, 0)};
}

Condition require_definite(const std::string& matrix, const BallMatrix& A) {
  const Definiteness found = positive_definite(A);
  Condition condition{matrix + " positive definite", found.decision, "all pivots > 0"};
  if (found.decision != Decision::proved)
    condition.detail =
        fmt::format("pivot {} of {} is {}", found.column + 1, A.rows(), text(found.pivot));
  return condition;
}

/// The double bounds in the certificate are bounds of the spectra.
void check_witness(std::vector<Condition>& conditions, const Facts& facts,
                   const SpectralWitness& w) {
  conditions.push_back(require_definite("M - M_min I", facts.M - w.M_min));
  conditions.push_back(require_definite("M_max I - M", w.M_max - facts.M));
  conditions.push_back(require_definite("G_max I - G", w.G_max - facts.G));
  conditions.push_back(require_definite("K_norm I - K", w.K_norm - facts.K));
}

/// The premises of Theorem A.
void check_premises(std::vector<Condition>& conditions, const Facts& facts, const Constants& c,
                    const Certificate& certificate) {
  const Ball eta = certificate.checkpoint.eta;
  const Ball alpha = certificate.statement.alpha;
  const Ball M_min = certificate.witness.M_min, M_max = certificate.witness.M_max;
  const Ball drift = c.dG + c.dH;
  conditions.push_back(require_at_least("M_min - dG - dH - eta Cv E >= alpha",
                                        M_min - drift - eta * c.Cv * facts.E, alpha));
  conditions.push_back(require_at_least("2 - eta alpha - eta^2 Cv E >= eta (M_max + dG + dH)",
                                        2 - eta * alpha - square(eta) * c.Cv * facts.E,
                                        eta * (M_max + drift)));
}

/// Every number of the statement lies on the safe side of what the theorem gives.
void check_statement(std::vector<Condition>& conditions, const Facts& facts, const Constants& c,
                     const CosineBracket& cosine, const Statement& claim) {
  conditions.push_back(require_at_least("error >= E", claim.error, facts.E));
  conditions.push_back(
      require_at_least("beta_displacement >= R sqrt(gbar)", claim.beta_displacement, c.rho));
  conditions.push_back(require_at_least("A_displacement >= L1 sqrt(B2) |K| R", claim.A_displacement,
                                        c.A_displacement));
  // A cosine is between -1 and 1 whatever is known of the rest.
  conditions.push_back(require_at_least("lower end of the cosine bracket >= cos_min",
                                        claim.cos_min <= -1 ? Ball(-1) : cosine.lower,
                                        claim.cos_min));
  conditions.push_back(require_at_least("cos_max >= upper end of the cosine bracket", claim.cos_max,
                                        claim.cos_max >= 1 ? Ball(1) : cosine.upper));
}

Decision decide(const std::vector<Condition>& conditions) {
  Decision decision = Decision::proved;
  for (const Condition& condition : conditions) decision = both(decision, condition.decision);
  return decision;
}

}  // namespace

Findings verify_at(const Certificate& certificate, long bits) {
  const PrecisionScope scope(bits);
  Findings findings{.bits = bits};
  std::vector<Condition>& conditions = findings.conditions;
  conditions.push_back(require_positive("eta > 0", certificate.checkpoint.eta));
  conditions.push_back(require_positive("alpha > 0", certificate.statement.alpha));
  findings.decision = decide(conditions);
  // R = E / alpha has no meaning otherwise.
  if (findings.decision != Decision::proved) return findings;

  const Facts facts = derive_facts(certificate.checkpoint);
  const Constants c = theorem_a(facts, activation_bounds(certificate.checkpoint.activation),
                                certificate.witness, certificate.statement.alpha);
  const CosineBracket cosine = cosine_bracket(facts, c.rho);
  check_witness(conditions, facts, certificate.witness);
  check_premises(conditions, facts, c, certificate);
  check_statement(conditions, facts, c, cosine, certificate.statement);
  findings.decision = decide(conditions);
  findings.cosine_defined = cosine.beta_never_zero && !facts.b_is_zero;
  return findings;
}

Findings verify(const Certificate& certificate, long first_bits, long last_bits) {
  Findings findings = verify_at(certificate, first_bits);
  while (findings.decision == Decision::undecided && findings.bits < last_bits)
    findings = verify_at(certificate, std::min(2 * findings.bits, last_bits));
  return findings;
}

}  // namespace alignproof::check
