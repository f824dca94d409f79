// SPDX-License-Identifier: Apache-2.0
// The decision about a certificate: every condition that must hold for it to prove its claim.
#include <alignproof/core/no_fast_math.hpp>

#include "verify.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>

#include "conditions.hpp"
#include "limit_kernel.hpp"
#include "matrix.hpp"
#include "orbit.hpp"
#include "theorem_a.hpp"
#include "theorem_a_variants.hpp"

namespace alignproof::check {

namespace {

/// The largest precision at which gamma of a whole run is enclosed.
constexpr long gamma_bits = 256;

/// An inequality left >= right at many steps: the step that is worst stands for all.
class AtEveryStep {
 public:
  explicit AtEveryStep(std::string inequality) { worst_.inequality = std::move(inequality); }

  void require(std::size_t t, const Ball& left, const Ball& right) {
    const Decision decision = at_least(left, right);
    const Ball slack = left - right;
    if (seen_ && both(worst_.decision, decision) == worst_.decision &&
        (decision != worst_.decision || !arb_lt(slack.get(), slack_.get())))
      return;
    seen_ = true;
    slack_ = slack;
    worst_.decision = decision;
    worst_.detail = fmt::format("{}{}, t = {}", decision == Decision::proved ? "at least " : "",
                                describe(decision, left, right), t);
  }

  /// Of no step nothing needs to be shown.
  Condition condition() const {
    return seen_ ? worst_ : Condition{worst_.inequality, Decision::proved, "no step before it"};
  }

 private:
  Condition worst_;
  Ball slack_;
  bool seen_ = false;
};

/// The double bounds in the certificate are bounds of the spectra at the exact state.
void check_witness(std::vector<Condition>& conditions, const std::string& leg, const Problem& P,
                   const Facts& facts, const SpectralWitness& w) {
  conditions.push_back(require_definite(leg + "M - M_min I", facts.M - (w.M_min + facts.M_shift)));
  conditions.push_back(require_definite(leg + "M_max I - M", (w.M_max - facts.M_shift) - facts.M));
  conditions.push_back(require_definite(leg + "G_max I - G", (w.G_max - facts.G_shift) - facts.G));
  conditions.push_back(require_definite(leg + "K_norm I - K", w.K_norm - P.K));
}

/// The premises of Theorem A.
void check_premises(std::vector<Condition>& conditions, const std::string& name, const Problem& P,
                    const Orbit& orbit, const Facts& facts, const Constants& c, const Leg& leg) {
  const Ball alpha = leg.statement.alpha;
  const Ball M_min = leg.witness.M_min, M_max = leg.witness.M_max;
  const Ball drift = c.dG + c.dH;
  conditions.push_back(require_at_least(name + "M_min - dG - dH - eta Cv E >= alpha",
                                        M_min - drift - P.eta * c.Cv * facts.E, alpha));
  conditions.push_back(require_at_least(
      name + "2 - eta alpha - eta^2 Cv E >= eta (M_max + dG + dH)",
      2 - P.eta * alpha - square(P.eta) * c.Cv * facts.E, P.eta * (M_max + drift)));
  if (P.psi.frozen_signs)
    conditions.push_back(require_greater(name + "|a_ri| > |b_r| L1 k_i R / sqrt p",
                                         sign_margin(P, orbit.point(), orbit.radii(), c.R), 0));
}

/// Every number of the statement lies on the safe side of what the theorem gives.
void check_statement(std::vector<Condition>& conditions, const std::string& name,
                     const Facts& facts, const Constants& c, const CosineBracket& cosine,
                     const Statement& claim) {
  conditions.push_back(require_at_least(name + "error >= E", claim.error, facts.E));
  conditions.push_back(
      require_at_least(name + "beta_displacement >= R sqrt(gbar)", claim.beta_displacement, c.rho));
  conditions.push_back(require_at_least(name + "A_displacement >= L1 sqrt(B2) |K| R",
                                        claim.A_displacement, c.A_displacement));
  check_cosine(conditions, name, cosine, claim);
}

/// Theorem A at the end of an orbit; says whether the cosine is defined from there on.
bool check_leg(std::vector<Condition>& conditions, const std::string& name, const Orbit& orbit,
               const Leg& leg) {
  const Problem& P = orbit.problem();
  const Facts facts = facts_at(P, orbit.point(), orbit.radii());
  const Constants c = theorem_a(P, facts, leg.witness, leg.statement.alpha);
  const CosineBracket cosine = cosine_bracket(facts.b_beta, P.b_norm, facts.beta_norm, c.rho);
  check_witness(conditions, name, P, facts, leg.witness);
  check_premises(conditions, name, P, orbit, facts, c, leg);
  check_statement(conditions, name, facts, c, cosine, leg.statement);
  return cosine.defined;
}

/// The claims about every step, collected while the orbit runs to the checkpoint.
class WholeRunCheck {
 public:
  explicit WholeRunCheck(const Certificate& certificate)
      : claim_(certificate.whole_run), leg_(certificate.leg) {}

  void observe(std::size_t t, const Orbit& orbit) {
    const Problem& P = orbit.problem();
    const Ball error = orbit.error();
    above_.require(t, claim_.errors(t, 1), error);
    below_.require(t, error, claim_.errors(t, 0));
    beta_displacement_.require(t, claim_.beta_displacement, orbit.beta_displacement());
    A_displacement_.require(t, claim_.A_displacement, orbit.A_displacement());
    if (claim_.decay && t > 0)
      decay_.require(t - 1, (1 - P.eta * claim_.decay->gamma_max / 4) * previous_error_, error);
    previous_error_ = error;
    if (claim_.no_alignment) {
      const Ball b_beta = dot(P.b, orbit.point().beta), beta_norm = norm(orbit.point().beta);
      const CosineBracket cosine = cosine_bracket(b_beta, P.b_norm, beta_norm, orbit.radii().beta);
      cosine_.require(t, claim_.no_alignment->kappa / P.sqrt_p,
                      max(abs(cosine.lower), abs(cosine.upper)));
    }
  }

  /// What holds up to the checkpoint T, and from there on by the statement of Theorem A.
  void conclude(std::vector<Condition>& conditions, const Orbit& orbit) const {
    const Problem& P = orbit.problem();
    const Statement& s = leg_.statement;
    for (const AtEveryStep* steps : {&above_, &below_, &beta_displacement_, &A_displacement_})
      conditions.push_back(steps->condition());
    conditions.push_back(require_at_least("beta displacement of the whole run, t >= T",
                                          claim_.beta_displacement,
                                          orbit.beta_displacement() + s.beta_displacement));
    conditions.push_back(require_at_least("A displacement of the whole run, t >= T",
                                          claim_.A_displacement,
                                          orbit.A_displacement() + s.A_displacement));
    if (claim_.decay) {
      conditions.push_back(decay_.condition());
      conditions.push_back(
          require_at_least("alpha >= gamma_max / 4", s.alpha, Ball(claim_.decay->gamma_max) / 4));
      check_gamma(conditions, P);
    }
    if (claim_.no_alignment) {
      const Ball level = claim_.no_alignment->kappa / P.sqrt_p;
      conditions.push_back(cosine_.condition());
      conditions.push_back(require_at_least("kappa / sqrt p >= |cos_min|, |cos_max|", level,
                                            max(abs(Ball(s.cos_min)), abs(Ball(s.cos_max)))));
    }
  }

 private:
  void check_gamma(std::vector<Condition>& conditions, const Problem& P) const {
    // Long series pay for few bits of gamma: more of them are never what is missing.
    const PrecisionScope scope(std::min(precision(), gamma_bits));
    const BallMatrix G = limit_kernel(P.activation, P.K);
    conditions.push_back(require_greater("gamma_min > 0", claim_.decay->gamma_min, 0));
    conditions.push_back(require_definite("Gbar - gamma_min I", G - claim_.decay->gamma_min));
    // Not definite means that the smallest eigenvalue is at most gamma_max.
    const Definiteness found = positive_definite(G - claim_.decay->gamma_max);
    const Decision decision = opposite(found.decision);
    conditions.push_back(
        {"Gbar - gamma_max I not positive definite", decision,
         decision == Decision::violated
             ? "all pivots > 0"
             : fmt::format("pivot {} of {} is {}", found.column + 1, G.rows(), text(found.pivot))});
  }

  const WholeRun& claim_;
  const Leg& leg_;
  Ball previous_error_;
  AtEveryStep above_{"errors of row t >= |e(t)|, t <= T"};
  AtEveryStep below_{"|e(t)| >= errors of row t, t <= T"};
  AtEveryStep beta_displacement_{"beta displacement of the whole run, t <= T"};
  AtEveryStep A_displacement_{"A displacement of the whole run, t <= T"};
  AtEveryStep decay_{"(1 - eta gamma_max / 4) |e(t)| >= |e(t+1)|, t < T"};
  AtEveryStep cosine_{"kappa / sqrt p >= |cos(b, beta(t))|, t <= T"};
};

/// What must hold for anything below to have a meaning.
void check_premises(std::vector<Condition>& conditions, const Certificate& c) {
  conditions.push_back(require_greater("eta > 0", c.start.eta, 0));
  conditions.push_back(require_greater("alpha > 0", c.leg.statement.alpha, 0));
  conditions.push_back(require_at_least("radius >= 0", c.radius, 0));
  if (c.whole_run.alignment)
    conditions.push_back(
        require_greater("twin: alpha > 0", c.whole_run.alignment->twin.statement.alpha, 0));
  const Penalty& penalty = c.start.penalty;
  if (order_of(penalty.lambda) != 0)
    conditions.push_back(
        {"lambda(t) = 0 for t >= T",
         penalty.cut <= c.leg.checkpoint ? Decision::proved : Decision::violated,
         penalty.cut == Penalty::never
             ? std::string("the penalty is never cut")
             : fmt::format("cut at step {}, T = {}", penalty.cut, c.leg.checkpoint)});
}

/// T3: the same data without the penalty.
void check_twin(std::vector<Condition>& conditions, const Certificate& c) {
  const AlignmentClaim& claim = *c.whole_run.alignment;
  const Problem P = problem_from(c.start, claim.twin.witness.K_norm);
  Orbit twin(P, c.start, c.radius);
  for (std::size_t t = 0; t < claim.twin.checkpoint; ++t) twin.advance(0);
  check_leg(conditions, "twin: ", twin, claim.twin);
  conditions.push_back(require_greater("margin > 0", claim.margin, 0));
  conditions.push_back(require_greater("cos_min > cos_max of the twin + margin",
                                       c.leg.statement.cos_min,
                                       Ball(claim.twin.statement.cos_max) + claim.margin));
}

}  // namespace

Findings verify_at(const Certificate& certificate, long bits) {
  const PrecisionScope scope(bits);
  Findings findings{.bits = bits};
  std::vector<Condition>& conditions = findings.conditions;
  check_premises(conditions, certificate);
  findings.decision = decide(conditions);
  if (findings.decision != Decision::proved) return findings;

  const Start& start = certificate.start;
  if (!start.plain()) {
    findings.cosine_defined = check_variant(conditions, certificate);
    findings.decision = decide(conditions);
    return findings;
  }
  const Problem P = problem_from(start, certificate.leg.witness.K_norm);
  Orbit orbit(P, start, certificate.radius);
  switch (start.kind) {
    case CertificateKind::from_initialisation: {
      WholeRunCheck whole_run(certificate);
      for (std::size_t t = 0;; ++t) {
        whole_run.observe(t, orbit);
        if (t == certificate.leg.checkpoint) break;
        orbit.advance(start.penalty(t));
      }
      findings.cosine_defined = check_leg(conditions, "", orbit, certificate.leg);
      whole_run.conclude(conditions, orbit);
      if (certificate.whole_run.alignment) check_twin(conditions, certificate);
      break;
    }
    case CertificateKind::from_checkpoint:
      findings.cosine_defined = check_leg(conditions, "", orbit, certificate.leg);
      break;
  }
  findings.decision = decide(conditions);
  return findings;
}

Findings verify(const Certificate& certificate, long first_bits, long last_bits) {
  Findings findings = verify_at(certificate, first_bits);
  while (findings.decision == Decision::undecided && findings.bits < last_bits)
    findings = verify_at(certificate, std::min(2 * findings.bits, last_bits));
  return findings;
}

}  // namespace alignproof::check
