// SPDX-License-Identifier: Apache-2.0
// The decision about a certificate: every condition that must hold for it to prove its claim.
#include <alignproof/core/no_fast_math.hpp>

#include "verify.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/core/double_order.hpp>

#include "conditions.hpp"
#include "limit_kernel.hpp"
#include "matrix.hpp"
#include "orbit.hpp"
#include "orbit_outputs.hpp"
#include "rows.hpp"
#include "rule.hpp"
#include "sharp_forms.hpp"
#include "theorem_a.hpp"
#include "theorem_a_variants.hpp"
#include "times.hpp"

namespace alignproof::check {

namespace {

/// The least and the largest precision at which gamma of a whole run is enclosed: its bounds in a
/// certificate may be neighbouring doubles, which is more than the first look at an orbit needs.
constexpr long least_gamma_bits = 128, gamma_bits = 256;

/// Entries of a p x n matrix beyond which nothing is begun: a dozen such matrices are held, of 48
/// bytes an entry.
constexpr double most_entries = 5e6;

// ---- work, in units of a multiplication ----

double size(std::size_t count) {
  return static_cast<double>(count);
}

/// K and the pre-activations at the start.
double work_of_problem(const Start& s) {
  return size(s.n()) * size(s.d()) * (size(s.n()) + size(s.p()));
}

double work_of_activation(const Activation& activation) {
  return row_of(activation).work;
}

/// One point of an orbit: a few products of p x n matrices, or one of p x nk with k outputs, an
/// activation an entry, eliminations, and what even one of one entry costs.
double work_of_step(const Start& s) {
  const double n = size(s.n()), p = size(s.p()), nk = n * size(s.k());
  return p * (nk * nk + n * work_of_activation(s.activation)) + 8 * nk * nk * nk + 400;
}

/// What the form in which a leg closes costs beyond the first.
double work_of_form(const Start& s, ClosingForm form) {
  const double n = size(s.n()), p = size(s.p());
  switch (form) {
    case ClosingForm::rate:
    case ClosingForm::bootstrap:
      return 0;
    case ClosingForm::second_order_drift:
      return p * n * (2 * n * n + work_of_activation(s.activation)) + 8 * n * n * n * n;
  }
  throw std::logic_error("no such form");
}

double work_of_leg(const Start& s, const Leg& leg) {
  return work_of_problem(s) + size(leg.checkpoint + 1) * work_of_step(s) +
         work_of_form(s, leg.form);
}

/// What claims of rows and of times cost at each step beside the step itself.
double work_of_claims(const RunCertificate& c) {
  const double n = size(c.start.n()), k = size(c.start.k());
  const double rows = c.whole_run.rows ? size(c.start.p()) * ((5 + k) * n + 10 + 2 * k) : 0;
  return rows + 4 * size(c.whole_run.times.size());
}

/// One point, and nothing before or after it.
double work_of_variant(const Start& s) {
  return work_of_problem(s) + work_of_step(s);
}

// What is not known because a radius is too large is undecided, not violated: with more bits the
// radius is smaller.

/// cos(b, beta(t)) of the exact orbit; unknown where beta(t) may vanish.
Ball cosine_at(const Orbit& orbit) {
  const Problem& P = orbit.problem();
  const CosineBracket bracket = cosine_bracket(dot(P.b, orbit.point().beta), P.b_norm,
                                               orbit.point().beta_norm, orbit.radii().beta);
  return bracket.defined ? hull(bracket.lower, bracket.upper) : unknown();
}

/// |beta(t)| of the exact orbit.
Ball beta_norm_at(const Orbit& orbit) {
  return max(0, widened(orbit.point().beta_norm, orbit.radii().beta));
}

/// What is known of a norm from below where this bound of it is claimed: that of one which may
/// vanish is a ball around less than 0 as well, and still it is at least 0.
Ball size_above(double claimed, const Ball& norm) {
  return order_of(claimed) <= order_of(0) ? Ball() : norm;
}

/// |beta(t) - x| of the exact orbit.
Ball beta_distance(const Orbit& orbit, const Array& x) {
  std::vector<Ball> difference;
  for (std::size_t r = 0; r < x.values.size(); ++r)
    difference.push_back(orbit.point().beta[r] - x.values[r]);
  return max(0, widened(norm(difference), orbit.radii().beta));
}

// The same with k outputs and for backpropagation, in Frobenius norms.

Ball cosine_at(const OutputsOrbit& orbit) {
  const BallMatrix &b = orbit.problem().b, &beta = orbit.point().beta;
  const CosineBracket bracket = cosine_bracket(inner_product(b, beta), frobenius_norm(b),
                                               frobenius_norm(beta), orbit.radii().beta);
  return bracket.defined ? hull(bracket.lower, bracket.upper) : unknown();
}

Ball beta_norm_at(const OutputsOrbit& orbit) {
  return max(0, widened(frobenius_norm(orbit.point().beta), orbit.radii().beta));
}

Ball beta_distance(const OutputsOrbit& orbit, const Array& x) {
  return max(0, widened(frobenius_norm(orbit.point().beta - matrix_from(x)), orbit.radii().beta));
}

/// A matrix that is only known up to `shift` (norm): definite at the worst, not even at the best.
Condition require_definite_within(const std::string& matrix, const BallMatrix& A,
                                  const Ball& shift) {
  Condition condition = require_definite(matrix, A - shift);
  if (condition.decision == Decision::violated &&
      require_definite(matrix, A - (0 - shift)).decision != Decision::violated)
    condition.decision = Decision::undecided;
  return condition;
}

/// The double bounds in the certificate are bounds of the spectra at the exact state.
void check_witness(std::vector<Condition>& conditions, const std::string& leg, const Facts& facts,
                   const SpectralWitness& w) {
  conditions.push_back(
      require_definite_within(leg + "M - M_min I", facts.M - w.M_min, facts.M_shift));
  conditions.push_back(
      require_definite_within(leg + "M_max I - M", w.M_max - facts.M, facts.M_shift));
  conditions.push_back(
      require_definite_within(leg + "G_max I - G", w.G_max - facts.G, facts.G_shift));
}

/// Everything along the orbit rests on this bound.
void check_K_norm(std::vector<Condition>& conditions, const std::string& leg, const BallMatrix& K,
                  const SpectralWitness& w) {
  conditions.push_back(require_definite(leg + "K_norm I - K", w.K_norm - K));
}

/// The premises of the first form of Theorem A.
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

/// The premises of the form in which the leg closes, and the constants that follow.
Constants check_form(std::vector<Condition>& conditions, const std::string& name,
                     const Orbit& orbit, const Facts& facts, const Leg& leg) {
  switch (leg.form) {
    case ClosingForm::rate: {
      const Problem& P = orbit.problem();
      const Constants c = theorem_a(P, facts, leg.witness, leg.statement.alpha);
      check_premises(conditions, name, P, orbit, facts, c, leg);
      return c;
    }
    case ClosingForm::bootstrap:
    case ClosingForm::second_order_drift:
      return check_sharp_form(conditions, name, orbit, facts, leg);
  }
  throw std::logic_error("no such form");
}

/// What bounds |beta(t) - beta(T)|, and what bounds eta sum |e|.
struct Names {
  const char *rho, *R;
};

Names names_in(ClosingForm form) {
  switch (form) {
    case ClosingForm::rate:
      return {"R sqrt(gbar)", "R"};
    case ClosingForm::bootstrap:
    case ClosingForm::second_order_drift:
      return {"rho(S)", "S"};
  }
  throw std::logic_error("no such form");
}

/// Every number of the statement lies on the safe side of what the theorem gives.
void check_statement(std::vector<Condition>& conditions, const std::string& name,
                     const Facts& facts, const Constants& c, const CosineBracket& cosine,
                     const Leg& leg) {
  const Statement& claim = leg.statement;
  const auto [rho, R] = names_in(leg.form);
  conditions.push_back(require_at_least(name + "error >= E", claim.error, facts.E));
  conditions.push_back(
      require_at_least(name + "beta_displacement >= " + rho, claim.beta_displacement, c.rho));
  conditions.push_back(require_at_least(name + "A_displacement >= L1 sqrt(B2) |K| " + R,
                                        claim.A_displacement, c.A_displacement));
  check_cosine(conditions, name, cosine, claim);
}

/// What Theorem A gives from the end of an orbit on, beside what is claimed of it.
struct FromThere {
  bool cosine_defined = false;
  Ball S = unknown();  ///< >= eta sum |e(t)| over t >= T
};

/// Theorem A at the end of an orbit.
FromThere check_leg(std::vector<Condition>& conditions, const std::string& name, const Orbit& orbit,
                    const Leg& leg) {
  const Problem& P = orbit.problem();
  const Facts facts = facts_at(P, orbit.point(), orbit.radii());
  check_witness(conditions, name, facts, leg.witness);
  const Constants c = check_form(conditions, name, orbit, facts, leg);
  const CosineBracket cosine = cosine_bracket(facts.b_beta, P.b_norm, facts.beta_norm, c.rho);
  check_statement(conditions, name, facts, c, cosine, leg);
  return {cosine.defined, c.R};
}

/// The same with k outputs and for backpropagation. A distance is a number between 0 and its
/// radius.
FromThere check_leg(std::vector<Condition>& conditions, const std::string& name,
                    const OutputsOrbit& orbit, const Leg& leg) {
  const Radii& radii = orbit.radii();
  const ExactState exact{hull(0, radii.A), hull(0, radii.beta), orbit.error()};
  return {check_variant_leg(conditions, name, orbit.problem(), orbit.point(), exact, leg),
          exact.error / leg.statement.alpha};
}

/// What is followed: one output and feedback alignment, or k outputs and either rule.
struct OneOutput {
  using Orbit = check::Orbit;
  static Problem problem(const Start& start, double K_norm) { return problem_from(start, K_norm); }
};
struct Outputs {
  using Orbit = OutputsOrbit;
  static OutputsProblem problem(const Start& start, double K_norm) {
    return outputs_problem_from(start, K_norm);
  }
};

/// The claims about every step, collected while the orbit runs to the checkpoint.
template <class AnyOrbit>
class WholeRunCheck {
 public:
  explicit WholeRunCheck(const RunCertificate& certificate)
      : claim_(certificate.whole_run), leg_(certificate.leg), times_(claim_.times, leg_) {
    if (claim_.rows) rows_.emplace(*claim_.rows);
  }

  /// Says whether there is reason to look at later steps: nothing is violated, and the radii are
  /// numbers. Once they are none they never are again.
  bool observe(std::size_t t, const AnyOrbit& orbit) {
    const auto& P = orbit.problem();
    const Ball error = orbit.error();
    above_.require(t, claim_.errors(t, 1), error);
    below_.require(t, size_above(claim_.errors(t, 0), error), claim_.errors(t, 0));
    beta_displacement_.require(t, claim_.beta_displacement, orbit.beta_displacement());
    A_displacement_.require(t, claim_.A_displacement, orbit.A_displacement());
    if (claim_.decay && t > 0)
      decay_.require(t - 1, (1 - P.eta * claim_.decay->gamma_max / 4) * previous_error_, error);
    previous_error_ = error;
    if (claim_.no_alignment) {
      beta_.require_greater(t, beta_norm_at(orbit), 0);
      cosine_.require(t, claim_.no_alignment->kappa / P.sqrt_p, abs(cosine_at(orbit)));
    }
    if (rows_) rows_->observe(t, orbit);
    times_.observe(t, error);
    bool violated = false;
    for (const AtEveryStep* steps : all()) violated = violated || steps->violated();
    return !violated && arb_is_finite(orbit.radii().e.get());
  }

  /// What was seen at the steps up to the checkpoint T.
  void report_steps(std::vector<Condition>& conditions) const {
    for (const AtEveryStep* steps : all()) conditions.push_back(steps->condition());
  }

  /// What holds from T on by the statement of Theorem A, where S >= eta sum |e(t)|.
  void conclude(std::vector<Condition>& conditions, const AnyOrbit& orbit, const Ball& S) const {
    const Statement& s = leg_.statement;
    conditions.push_back(require_at_least("beta displacement of the whole run, t >= T",
                                          claim_.beta_displacement,
                                          orbit.beta_displacement() + s.beta_displacement));
    conditions.push_back(require_at_least("A displacement of the whole run, t >= T",
                                          claim_.A_displacement,
                                          orbit.A_displacement() + s.A_displacement));
    if (rows_) rows_->conclude(conditions, orbit, S, s.beta_displacement);
    if (claim_.limit)
      conditions.push_back(require_at_least(
          "distance >= |beta(T) - limit| + beta_displacement", claim_.limit->distance,
          beta_distance(orbit, claim_.limit->centre) + s.beta_displacement));
    times_.conclude(conditions, orbit.problem().eta);
  }

 private:
  std::vector<const AtEveryStep*> all() const {
    std::vector<const AtEveryStep*> steps = {&above_, &below_, &beta_displacement_,
                                             &A_displacement_};
    if (claim_.decay) steps.push_back(&decay_);
    if (claim_.no_alignment) steps.insert(steps.end(), {&beta_, &cosine_});
    const auto add = [&](const std::vector<const AtEveryStep*>& more) {
      steps.insert(steps.end(), more.begin(), more.end());
    };
    if (rows_) add(rows_->steps());
    if (!claim_.times.empty()) add(times_.steps());
    return steps;
  }

  const WholeRun& claim_;
  const Leg& leg_;
  Ball previous_error_;
  AtEveryStep above_{"errors of row t >= |e(t)|, t <= T"};
  AtEveryStep below_{"|e(t)| >= errors of row t, t <= T"};
  AtEveryStep beta_displacement_{"beta displacement of the whole run, t <= T"};
  AtEveryStep A_displacement_{"A displacement of the whole run, t <= T"};
  AtEveryStep decay_{"(1 - eta gamma_max / 4) |e(t)| >= |e(t+1)|, t < T"};
  AtEveryStep beta_{"|beta(t)| > 0, t <= T"};
  AtEveryStep cosine_{"kappa / sqrt p >= |cos(b, beta(t))|, t <= T"};
  std::optional<RowCheck<AnyOrbit>> rows_;
  TimeCheck times_;
};

/// gamma_min <= gamma <= gamma_max for the smallest eigenvalue of the limit kernel.
void check_gamma(std::vector<Condition>& conditions, const Start& start, const DecayClaim& claim,
                 Budget& budget) {
  // Long series pay for few bits of gamma: more of them are never what is missing.
  const PrecisionScope scope(std::clamp(precision(), least_gamma_bits, gamma_bits));
  const BallMatrix G = limit_kernel(start.activation, gram_of_rows(start.X), budget);
  conditions.push_back(require_definite("Gbar - gamma_min I", G - claim.gamma_min));
  // Not definite means that the smallest eigenvalue is at most gamma_max.
  const Definiteness found = positive_definite(G - claim.gamma_max);
  const Decision decision = opposite(found.decision);
  conditions.push_back(
      {"Gbar - gamma_max I not positive definite", decision,
       decision == Decision::violated
           ? "all pivots > 0"
           : fmt::format("pivot {} of {} is {}", found.column + 1, G.rows(), text(found.pivot))});
}

/// Claims about numbers of the certificate alone: they need no orbit.
void check_claimed_numbers(std::vector<Condition>& conditions, const RunCertificate& c) {
  const WholeRun& run = c.whole_run;
  const Statement& s = c.leg.statement;
  if (run.decay) {
    conditions.push_back(require_greater("gamma_min > 0", run.decay->gamma_min, 0));
    conditions.push_back(
        require_at_least("alpha >= gamma_max / 4", s.alpha, Ball(run.decay->gamma_max) / 4));
    if (run.rows && run.rows->published)
      check_published(conditions, *run.rows, *run.decay, c.start.n());
  }
  if (run.no_alignment || run.alignment) {
    const std::vector<Ball> b(c.start.b.values.begin(), c.start.b.values.end());
    conditions.push_back(require_greater("|b| > 0", norm(b), 0));
  }
  if (run.no_alignment) {
    const Ball kappa = run.no_alignment->kappa, root_p = sqrt(Ball::count(c.start.p()));
    // A bound of 1 or more is one for any b and beta.
    conditions.push_back(require_greater("sqrt p > kappa", root_p, kappa));
    conditions.push_back(require_at_least("kappa / sqrt p >= |cos_min|, |cos_max|", kappa / root_p,
                                          max(abs(Ball(s.cos_min)), abs(Ball(s.cos_max)))));
  }
  if (run.alignment) {
    const Statement& twin = run.alignment->twin.statement;
    conditions.push_back(require_greater("margin > 0", run.alignment->margin, 0));
    conditions.push_back(require_greater("cos_min > cos_max of the twin + margin", s.cos_min,
                                         Ball(twin.cos_max) + run.alignment->margin));
  }
}

/// What is claimed of one output and feedback alignment alone.
void check_kind_of_claims(std::vector<Condition>& conditions, const RunCertificate& c) {
  if (c.start.plain()) return;
  const auto refuse = [&](bool claimed, const char* what) {
    if (claimed) conditions.push_back({what, Decision::violated, "claimed of another network"});
  };
  const bool other_form =
      c.leg.form != ClosingForm::rate ||
      (c.whole_run.alignment && c.whole_run.alignment->twin.form != ClosingForm::rate);
  refuse(other_form, "sharp forms are of one output and feedback alignment");
  refuse(is_backpropagation(c.start.rule) && (c.whole_run.no_alignment || c.whole_run.alignment),
         "T2 and T3 are of feedback alignment");
}

/// What must hold for anything below to have a meaning.
void check_premises(std::vector<Condition>& conditions, const RunCertificate& c) {
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

/// Whether all that was looked at so far is proved, and what rests on it is looked at.
bool go_on(Findings& findings) {
  findings.complete = decide(findings.conditions) == Decision::proved;
  return findings.complete;
}

/// The run to the checkpoint and all that is claimed of it, then Theorem A; says whether the cosine
/// is defined from then on.
template <class AnyOrbit>
bool check_whole_run(Findings& findings, const RunCertificate& c, AnyOrbit& orbit, Budget& budget) {
  std::vector<Condition>& conditions = findings.conditions;
  WholeRunCheck<AnyOrbit> whole_run(c);
  for (std::size_t t = 0;; ++t) {
    const bool go_on = whole_run.observe(t, orbit);
    budget.spend(work_of_claims(c));
    if (t == c.leg.checkpoint || !go_on) break;
    orbit.advance(c.start.penalty(t));
    budget.spend(work_of_step(c.start));
  }
  whole_run.report_steps(conditions);
  if (!go_on(findings)) return false;
  const FromThere there = check_leg(conditions, "", orbit, c.leg);
  whole_run.conclude(conditions, orbit, there.S);
  return there.cosine_defined;
}

template <class AnyOrbit>
bool check_run(Findings& findings, const RunCertificate& c, AnyOrbit orbit, Budget& budget) {
  budget.spend(work_of_step(c.start));
  switch (c.start.kind) {
    case CertificateKind::from_initialisation:
      return check_whole_run(findings, c, orbit, budget);
    case CertificateKind::from_checkpoint:
      return check_leg(findings.conditions, "", orbit, c.leg).cosine_defined;
  }
  throw std::logic_error("no such kind of certificate");
}

/// T3: the same data without the penalty, from the start on.
template <class Followed>
void check_twin(Findings& findings, const RunCertificate& c, Budget& budget) {
  std::vector<Condition>& conditions = findings.conditions;
  const Leg& leg = c.whole_run.alignment->twin;
  const auto P = Followed::problem(c.start, leg.witness.K_norm);
  check_K_norm(conditions, "twin: ", P.K, leg.witness);
  if (!go_on(findings)) return;
  typename Followed::Orbit twin(P, c.start, c.radius);
  budget.spend(work_of_problem(c.start) + work_of_step(c.start));
  AtEveryStep beta("twin: |beta(t)| > 0, t <= T"),
      cosine("twin: cos_max >= cos(b, beta(t)), t <= T");
  for (std::size_t t = 0;; ++t) {
    beta.require_greater(t, beta_norm_at(twin), 0);
    cosine.require(t, leg.statement.cos_max, cosine_at(twin));
    if (t == leg.checkpoint || beta.violated() || cosine.violated() ||
        !arb_is_finite(twin.radii().e.get()))
      break;
    twin.advance(0);
    budget.spend(work_of_step(c.start));
  }
  conditions.push_back(beta.condition());
  conditions.push_back(cosine.condition());
  if (!go_on(findings)) return;
  check_leg(conditions, "twin: ", twin, leg);
}

/// Throws InputError where a leg closes in a form that is not evaluated for the activation.
void require_form(const Leg& leg, const Activation& activation) {
  switch (leg.form) {
    case ClosingForm::rate:
    case ClosingForm::bootstrap:
      return;
    case ClosingForm::second_order_drift:
      require_third_derivative(activation);
  }
}

/// One check at one precision, part by part.
class Check {
 public:
  Check(const RunCertificate& certificate, Budget& budget, Findings& findings)
      : c_(certificate), budget_(budget), findings_(findings) {}

  void run() {
    const Start& start = c_.start;
    check_premises(conditions(), c_);
    check_kind_of_claims(conditions(), c_);
    check_claimed_numbers(conditions(), c_);
    if (!go_on(findings_)) return;
    if (size(start.p()) * size(start.n()) * size(start.k()) > most_entries)
      budget_.give_up(fmt::format(
          "{} x {} pre-activations{} are more than {:.0e}", start.p(), start.n(),
          start.k() == 1 ? "" : fmt::format(" of {} outputs", start.k()), most_entries));
    if (start.plain())
      run_along<OneOutput>();
    else
      run_variant();
  }

 private:
  void run_variant() {
    switch (c_.start.kind) {
      case CertificateKind::from_initialisation:
        run_along<Outputs>();
        return;
      case CertificateKind::from_checkpoint:
        if (!allowed(work_of_variant(c_.start), "the state")) return;
        budget_.spend(work_of_variant(c_.start));
        findings_.cosine_defined = check_variant(conditions(), c_);
        return;
    }
    throw std::logic_error("no such kind of certificate");
  }

  /// Everything that is claimed along an orbit and beyond.
  template <class Followed>
  void run_along() {
    const Start& start = c_.start;
    const double claims = size(c_.leg.checkpoint + 1) * work_of_claims(c_);
    if (!allowed(work_of_leg(start, c_.leg) + claims, steps(c_.leg, "the run"))) return;
    budget_.spend(work_of_problem(start));
    const auto P = Followed::problem(start, c_.leg.witness.K_norm);
    check_K_norm(conditions(), "", P.K, c_.leg.witness);
    if (!go_on(findings_)) return;
    findings_.cosine_defined =
        check_run(findings_, c_, typename Followed::Orbit(P, start, c_.radius), budget_);
    if (c_.whole_run.decay) {
      if (!go_on(findings_)) return;
      check_gamma(conditions(), start, *c_.whole_run.decay, budget_);
      if (decide(conditions()) != Decision::proved) say_if_exhausted();
    }
    if (!c_.whole_run.alignment || !go_on(findings_)) return;
    const Leg& twin = c_.whole_run.alignment->twin;
    if (allowed(work_of_leg(start, twin), steps(twin, "the run without the penalty")))
      check_twin<Followed>(findings_, c_, budget_);
  }

  std::vector<Condition>& conditions() { return findings_.conditions; }

  static std::string steps(const Leg& leg, const char* run) {
    return fmt::format("{} steps of {}", leg.checkpoint, run);
  }

  bool allowed(double work, const std::string& what) {
    findings_.complete = budget_.allows(work, what);
    say_if_exhausted();
    return findings_.complete;
  }

  void say_if_exhausted() {
    if (budget_.exhausted()) conditions().push_back(over_budget(budget_));
  }

  const RunCertificate& c_;
  Budget& budget_;
  Findings& findings_;
};

}  // namespace

Budget budget_of(const RunCertificate& c) {
  std::size_t numbers = c.whole_run.errors.values.size();
  if (c.whole_run.rows) numbers += c.whole_run.rows->bounds.values.size();
  if (c.whole_run.limit) numbers += c.whole_run.limit->centre.values.size();
  for (const Array* array :
       {&c.start.X, &c.start.y, &c.start.b, &c.start.W, &c.start.A, &c.start.beta})
    numbers += array->values.size();
  return Budget::of_numbers(numbers);
}

Findings verify_at(const RunCertificate& certificate, long bits, Budget& budget) {
  require_accepted(certificate.start.activation);
  require_form(certificate.leg, certificate.start.activation);
  if (certificate.whole_run.alignment)
    require_form(certificate.whole_run.alignment->twin, certificate.start.activation);
  if (certificate.whole_run.decay) require_kernel(certificate.start.activation);
  const PrecisionScope scope(bits);
  Findings findings{.bits = bits};
  Check(certificate, budget, findings).run();
  findings.decision = decide(findings.conditions);
  if (findings.decision == Decision::proved && is_initial(certificate.start.kind) &&
      order_of(certificate.radius) > 0)
    findings.mass = log_mass_of_neighbourhood(certificate.start, certificate.radius);
  findings.work = budget.spent();
  return findings;
}

Findings verify_at(const RunCertificate& certificate, long bits) {
  Budget budget = budget_of(certificate);
  return verify_at(certificate, bits, budget);
}

Findings verify(const RunCertificate& certificate, long first_bits, long last_bits) {
  Budget budget = budget_of(certificate);
  return with_rising_precision([&](long bits) { return verify_at(certificate, bits, budget); },
                               budget, first_bits, last_bits);
}

}  // namespace alignproof::check
