// SPDX-License-Identifier: Apache-2.0
// What there is to say, from values that were read and verified; never text of the certificate.
#include <alignproof/core/no_fast_math.hpp>

#include "report.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include <arb.h>
#include <flint/flint.h>
#include <gmp.h>
#include <mpfr.h>

#include <alignproof/core/double_order.hpp>
#include <alignproof/core/error.hpp>

#include "apriori.hpp"
#include "decimals.hpp"
#include "rule.hpp"

namespace alignproof::check {

namespace {

bool initial(const RunCertificate& c) {
  switch (c.start.kind) {
    case CertificateKind::from_initialisation:
      return true;
    case CertificateKind::from_checkpoint:
      return false;
  }
  throw std::logic_error("no such kind of certificate");
}

const char* name_of(Rule rule) {
  switch (rule) {
    case Rule::fa:
      return "feedback alignment";
    case Rule::bp:
      return "backpropagation";
  }
  throw std::logic_error("no such rule");
}

std::string decay_text(const Penalty& penalty) {
  switch (penalty.decay) {
    case Decay::constant:
      return "";
    case Decay::geometric:
    case Decay::inverse_square:
      return fmt::format(", {} with scale {}", to_string(penalty.decay), quoted(penalty.scale));
  }
  throw std::logic_error("no such decay");
}

std::string penalty_text(const Penalty& penalty) {
  if (order_of(penalty.lambda) == 0) return "lambda = 0";
  return fmt::format("lambda = {}{} for t < {} and 0 from then on", quoted(penalty.lambda),
                     decay_text(penalty), penalty.cut);
}

std::string object_of(const RunCertificate& c) {
  const Start& s = c.start;
  const std::string around =
      order_of(c.radius) > 0
          ? fmt::format(", and from all within {} of each (Frobenius norm)", quoted(c.radius))
          : "";
  return fmt::format(
      "{} in kernel form, {}, {}, psi = {}, n = {}, d = {}, p = "
      "{}, eta = {}, from the stored {}{}; t counts steps from there{}",
      name_of(s.rule), penalty_text(s.penalty),
      s.k() == 1 ? "one output" : fmt::format("{} outputs", s.k()), to_string(s.activation), s.n(),
      s.d(), s.p(), quoted(s.eta), initial(c) ? "initial data W(0), beta(0)" : "state (A, beta)",
      around, initial(c) ? fmt::format("; T = {}", c.leg.checkpoint) : ", T = 0");
}

std::string read_of(const RunCertificate& c, const std::string& hash) {
  const Start& s = c.start;
  std::size_t numbers = c.whole_run.errors.values.size();
  for (const Array* array : {&s.X, &s.y, &s.b, &s.W, &s.A, &s.beta})
    numbers += array->values.size();
  std::string names = initial(c) ? "X, y, b, W, beta, errors" : "X, y, b, A, beta";
  if (const auto& rows = c.whole_run.rows) names += ", rows", numbers += rows->bounds.values.size();
  if (const auto& limit = c.whole_run.limit)
    names += ", limit", numbers += limit->centre.values.size();
  return fmt::format(
      "certificate.json with SHA-256 {} and {} finite doubles in {}, taken as exact; the "
      "hashes of all files agree",
      hash, numbers, names);
}

std::string source_of(const RunCertificate& c) {
  return initial(c) ? "along an orbit computed here from X, y, b, W, beta, eta"
                    : "from X, y, b, A, beta, eta";
}

/// That a cosine lies between -1 and 1 is said of nothing.
std::string cosine_text(const Statement& claim, bool defined) {
  const bool from_below = greater(claim.cos_min, -1) == Decision::proved,
             from_above = greater(1, claim.cos_max) == Decision::proved;
  if (!from_below && !from_above) return "of cos(b, beta(t)) nothing is claimed";
  return fmt::format("{}cos(b, beta(t)){}{}",
                     from_below ? fmt::format("{} <= ", quoted(claim.cos_min)) : "",
                     from_above ? fmt::format(" <= {}", quoted(claim.cos_max)) : "",
                     defined ? "" : " wherever b and beta(t) are not 0");
}

/// |e(0)| <= 0 was proved; e = 0 is a fixed point without a penalty.
bool starts_without_error(const WholeRun& run) {
  return at_least(0, run.errors(0, 1)) == Decision::proved;
}

/// The claims of version 3.
void add_new_claims(std::vector<std::string>& statements, const WholeRun& run) {
  if (run.rows)
    statements.emplace_back(
        "for all t >= 0 and every hidden unit r, |w_r(t) - w_r(0)| and |beta_r(t) - beta_r(0)| are "
        "at most the two numbers in row r of rows.npy");
  if (run.rows && run.rows->published && run.decay)
    statements.push_back(fmt::format(
        "T1 as published is whole on this instance: for all t >= 0 and all r, |w_r(t) - w_r(0)| <= "
        "c1 n sqrt(log p) / (gamma sqrt p) with c1 = {}, and |beta_r(t) - beta_r(0)| <= c2 n / "
        "(gamma sqrt p) with c2 = {}, log being the natural logarithm",
        quoted(run.rows->published->c1), quoted(run.rows->published->c2)));
  if (run.limit)
    statements.push_back(fmt::format(
        "beta(t) converges, and |beta(infinity) - limit| <= {}, with limit in limit.npy",
        quoted(run.limit->distance)));
  for (const TimeClaim& time : run.times)
    statements.push_back(fmt::format(
        "|e(t)| > {0} for all t < {1}, and |e(t)| <= {0} for all t >= {2}: the first t with |e(t)| "
        "<= {0} is one from {1} to {2}, and from {2} on the error stays there",
        quoted(time.threshold), time.lower, time.upper));
}

/// What follows for every t >= 0 from the initialisation.
void add_whole_run(std::vector<std::string>& statements, const RunCertificate& c) {
  const WholeRun& run = c.whole_run;
  statements.push_back(fmt::format(
      "for all t >= 0, |beta(t) - beta(0)| <= {}, |A(t) - A(0)|_F <= {}, and for t <= T |e(t)| "
      "lies in row t of errors.npy",
      quoted(run.beta_displacement), quoted(run.A_displacement)));
  if (run.decay)
    statements.push_back(fmt::format(
        "T1 on this instance{}: |e(t+1)| <= (1 - eta gamma/4) |e(t)| for all t >= 0, with {} <= "
        "gamma <= {}",
        starts_without_error(run) ? " (e(t) = 0 for all t, so it says nothing)" : "",
        quoted(run.decay->gamma_min), quoted(run.decay->gamma_max)));
  add_new_claims(statements, run);
  if (run.no_alignment)
    statements.push_back(fmt::format(
        "T2 on this instance: b and beta(t) are not 0 and |cos(b, beta(t))| <= kappa/sqrt p < 1 "
        "for all t >= 0, with kappa = {}",
        quoted(run.no_alignment->kappa)));
  if (run.alignment)
    statements.push_back(fmt::format(
        "T3 on this instance: cos(b, beta(t)) >= {} for all t >= T, while without the penalty "
        "cos(b, beta(t)) <= {} for all t >= 0",
        quoted(c.leg.statement.cos_min), quoted(run.alignment->twin.statement.cos_max)));
}

/// In which form it closes, and what the sharp forms say beyond the statement.
std::string form_text(const Leg& leg) {
  switch (leg.form) {
    case ClosingForm::rate:
      return "";
    case ClosingForm::bootstrap:
      return fmt::format("by the bootstrap (form 'bootstrap'), eta sum |e(t)| over t >= T <= {}",
                         quoted(leg.S));
    case ClosingForm::second_order_drift:
      return fmt::format(
          "by the drift of second order (form 'drift'), eta sum |e(t)| over t >= T <= {}",
          quoted(leg.S));
  }
  throw std::logic_error("no such form");
}

/// What Theorem A gives from the checkpoint on.
void add_leg(std::vector<std::string>& statements, const Leg& leg, bool cosine_defined) {
  const Statement& claim = leg.statement;
  const std::string form = form_text(leg);
  if (!form.empty()) statements.push_back(form);
  statements.push_back(
      fmt::format("for all t >= T, |e(t)| <= (1 - eta alpha)^(t-T) |e(T)| with alpha = {} and "
                  "|e(T)| <= {}",
                  quoted(claim.alpha), quoted(claim.error)));
  statements.push_back(fmt::format("|beta(t) - beta(T)| <= {}", quoted(claim.beta_displacement)));
  statements.push_back(fmt::format("|A(t) - A(T)|_F <= {}", quoted(claim.A_displacement)));
  statements.push_back(cosine_text(claim, cosine_defined));
}

/// How likely the neighbourhood is.
void add_mass(std::vector<std::string>& statements, const Findings& findings) {
  if (!findings.mass) return;
  constexpr int digits = 9;
  const Ball log_10 = log(10);
  statements.push_back(fmt::format(
      "the starts of which this is said have the probability 10^x, x in [{}, {}], where the "
      "entries of W(0), beta(0) are independent and N(0, 1)",
      decimal_below(findings.mass->lower / log_10, digits),
      decimal_above(findings.mass->upper / log_10, digits)));
}

void add_frobenius(std::vector<std::string>& statements, std::size_t k) {
  if (k > 1)
    statements.push_back(
        "of e, b and beta, matrices of k columns, |.| and the cosine are those of Frobenius");
}

Implication implication_of(const RunCertificate& c, const Findings& findings) {
  Implication implied;
  implied.conditional = !initial(c);
  implied.reason = fmt::format("by {}{}, ", initial(c) ? "Theorems A and B" : "Theorem A",
                               c.start.plain() ? ""
                               : initial(c)    ? " (variants)"
                                               : " (variant)");
  if (initial(c)) add_whole_run(implied.statements, c);
  add_leg(implied.statements, c.leg, findings.cosine_defined);
  add_mass(implied.statements, findings);
  add_frobenius(implied.statements, c.start.k());
  return implied;
}

std::string trusted_with(const char* theory) {
  return fmt::format(
      "{} as written in reports/docs; this program; GMP {}, FLINT {} "
      "and Arb {} and the MPFR {} beneath them; the compiler and libc; the reader of the format "
      "and its JSON library; OpenSSL for hashes (integrity only)",
      theory, gmp_version, flint_version, arb_version, mpfr_get_version());
}

std::string trusted_of(const RunCertificate& c) {
  if (c.start.plain()) return trusted_with(initial(c) ? "Theorems A and B" : "Theorem A");
  return trusted_with(initial(c) ? "the variants of Theorems A and B"
                                 : "the variants of Theorem A");
}

std::string object_of(const KernelCertificate& c) {
  return fmt::format(
      "gamma, the smallest eigenvalue of the limit kernel Gbar_ij = E psi(<w, x_i>) "
      "psi(<w, x_j>), w ~ N(0, I), psi = {}, of the n = {} rows of X, d = {}",
      to_string(c.activation), c.n(), c.d());
}

std::string read_of(const KernelCertificate& c, const std::string& hash) {
  return fmt::format(
      "kernel.json with SHA-256 {} and {} finite doubles in X, taken as exact; the hash of X "
      "agrees",
      hash, c.X.values.size());
}

Implication implication_of(const KernelCertificate& c) {
  return {.statements = {fmt::format(
              "gamma of {} on {} sample{} lies in [{}, {}]{}", to_string(c.activation), c.n(),
              c.n() == 1 ? "" : "s", quoted(c.gamma_lower), quoted(c.gamma_upper),
              order_of(c.gamma_lower) > 0 ? ", so Gbar is positive definite" : "")}};
}

std::string object_of(const LawCertificate& c) {
  return fmt::format(
      "the alignment law, the limit p -> infinity of feedback alignment with one output on "
      "the slow time tau, psi = {}, K = gamma I with gamma = {}, n = {}, ybar = |y_i| = {}, lambda "
      "= {}, tau = {}",
      to_string(c.activation), quoted(c.gamma), c.n(), quoted(std::abs(c.y.values.front())),
      quoted(c.lambda), quoted(c.tau));
}

std::string read_of(const LawCertificate& c, const std::string& hash) {
  return fmt::format(
      "law.json with SHA-256 {} and {} finite doubles in y, taken as exact; the hash of y "
      "agrees",
      hash, c.n());
}

std::string bounds_text(const LawBounds& bounds) {
  return fmt::format("[{}, {}]", quoted(bounds.lower), quoted(bounds.upper));
}

Implication implication_of(const LawCertificate& c) {
  const LawValues& v = c.values;
  return {
      .statements = {
          fmt::format("the law at tau = {} has cos(b, beta) in {}, also after a cut of the "
                      "penalty there",
                      quoted(c.tau), bounds_text(v.cosine)),
          fmt::format("|e| in {}", bounds_text(v.error)), fmt::format("M in {}", bounds_text(v.M)),
          fmt::format(
              "G = E psi(a) psi(a)^T has the eigenvalues {} in the direction of y{}",
              bounds_text(v.largest),
              c.n() == 1 ? "" : fmt::format(" and {} in the others", bounds_text(v.smallest)))}};
}

std::string object_of(const WidthCertificate& c) {
  return fmt::format(
      "{}, lambda = 0, {}, psi = {}, n = {}, d = {}, eta = {}, from {} whose "
      "entries are independent and N(0, 1), at every width p >= N = {}; gamma is the smallest "
      "eigenvalue of the limit kernel Gbar_ij = E psi(<w, x_i>) psi(<w, x_j>), w ~ N(0, I)",
      name_of(c.rule), c.k() == 1 ? "one output" : fmt::format("{} outputs", c.k()),
      to_string(c.activation), c.n(), c.d(), quoted(c.eta),
      is_backpropagation(c.rule) ? "W(0), beta(0)" : "W(0), beta(0), b", c.p);
}

std::string read_of(const WidthCertificate& c, const std::string& hash) {
  return fmt::format(
      "width.json with SHA-256 {} and {} finite doubles in X, y, taken as exact; the hashes "
      "of both agree",
      hash, c.X.values.size() + c.y.values.size());
}

/// T2, or that nothing is said of it.
std::string kappa_text(const WidthClaims& claims) {
  if (!claims.kappa) return "of T2 nothing is claimed";
  return fmt::format("T2: |cos(b, beta(t))| <= kappa/sqrt p with kappa = {}",
                     quoted(*claims.kappa));
}

Implication implication_of(const WidthCertificate& c) {
  const WidthClaims& claims = c.claims;
  Implication implied;
  implied.reason = fmt::format(
      "by Theorem P, for every width p >= {}, with probability at least 1 - {} over {}, for all t "
      ">= 0 and all r: ",
      c.p, quoted(c.delta),
      is_backpropagation(c.rule) ? "W(0) and beta(0)" : "W(0), beta(0) and b");
  implied.statements = {
      fmt::format("T1: |e(t+1)| <= (1 - eta gamma/4) |e(t)|, where {} <= gamma <= {}",
                  quoted(c.spectra.gamma_lower), quoted(c.spectra.gamma_upper)),
      fmt::format("|w_r(t) - w_r(0)| <= c1 n sqrt(log p) / (gamma sqrt p) with c1 = {}",
                  quoted(claims.c1)),
      fmt::format("|beta_r(t) - beta_r(0)| <= c2 n {}/ (gamma sqrt p) with c2 = {}",
                  is_bounded(c.activation) ? "" : "sqrt(log p) ", quoted(claims.c2)),
      fmt::format("|beta(t) - beta(0)| <= {}", quoted(claims.beta_displacement)),
      fmt::format("|A(t) - A(0)|_F <= {}", quoted(claims.A_displacement)),
      kappa_text(claims)};
  add_frobenius(implied.statements, c.k());
  return implied;
}

std::string seeds_text(const FamilyCertificate& family) {
  return fmt::format("s = {}, ..., {}", family.seed(0), family.seed(family.members.size() - 1));
}

std::string count_text(const FamilyFindings& findings) {
  return fmt::format("proved on {} of {} seeds", findings.proved(), findings.members.size());
}

std::string object_of(const FamilyCertificate& family) {
  const FamilyStatement& s = family.declaration.statement;
  return fmt::format(
      "for each seed {}: {} in kernel form, {}, {}, psi = {}, n = {}, d = {}, p = {}, eta = {}, "
      "the "
      "same X and y for all, from {}; t counts steps from there",
      seeds_text(family), name_of(s.rule), penalty_text(s.penalty),
      s.k == 1 ? "one output" : fmt::format("{} outputs", s.k), to_string(s.activation), s.n, s.d,
      s.p, quoted(s.eta),
      is_initial(s.kind) ? "W(0) and beta(0) with the feedback b, all three those of s"
                         : "a stored state (A, beta) with the feedback b of s");
}

std::string read_of(const FamilyCertificate& family, const std::string& hash) {
  const auto certificates =
      std::count_if(family.members.begin(), family.members.end(),
                    [](const FamilyMember& member) { return member.certificate.has_value(); });
  return fmt::format(
      "family.json with SHA-256 {} and the {} certificates that it lists by their hashes; the "
      "hashes of all files agree",
      hash, certificates);
}

std::string source_of(const FamilyCertificate& family) {
  return fmt::format(
      "at most, for each seed: the network, X and y are those of the family; {} the standard "
      "normal "
      "quantiles of the words of Philox4x32-10 at its places, to within 41 roundoffs; it claims "
      "what "
      "was declared; the common bounds hold for it; and every inequality of its certificate, as "
      "this "
      "program lists them for its folder",
      is_initial(family.declaration.statement.kind) ? "W(0), beta(0) and b are" : "b is");
}

/// The smallest interval that holds those of all members; gamma is one number.
DecayClaim common_gamma(const FamilyFindings& findings) {
  std::optional<DecayClaim> common;
  for (const MemberFindings& member : findings.members) {
    if (!member.gamma) continue;
    if (!common) common = member.gamma;
    if (order_of(member.gamma->gamma_min) < order_of(common->gamma_min))
      common->gamma_min = member.gamma->gamma_min;
    if (order_of(member.gamma->gamma_max) > order_of(common->gamma_max))
      common->gamma_max = member.gamma->gamma_max;
  }
  return common.value_or(DecayClaim{});
}

/// The theorems that were declared.
void add_theorems(std::vector<std::string>& statements, const FamilyCertificate& family,
                  const FamilyFindings& findings) {
  const FamilyStatement& s = family.declaration.statement;
  if (s.decay) {
    const DecayClaim gamma = common_gamma(findings);
    statements.push_back(fmt::format(
        "T1 for each: |e(t+1)| <= (1 - eta gamma/4) |e(t)| for all t >= 0, with {} <= gamma <= {}",
        quoted(gamma.gamma_min), quoted(gamma.gamma_max)));
  }
  if (s.kappa)
    statements.push_back(fmt::format(
        "T2 for each: b and beta(t) are not 0 and |cos(b, beta(t))| <= kappa/sqrt p < 1 for all t "
        ">= 0, with kappa = {}",
        quoted(*s.kappa)));
  if (s.margin)
    statements.push_back(fmt::format(
        "T3 for each: cos(b, beta(t)) for all t >= T exceeds by more than {} every cosine of the "
        "same network without the penalty",
        quoted(*s.margin)));
}

/// What all members have in common.
void add_common_bounds(std::vector<std::string>& statements, const FamilyCertificate& family,
                       const FamilyFindings& findings) {
  if (!family.bounds) return;
  const FamilyBounds& b = *family.bounds;
  const char* from = is_initial(family.declaration.statement.kind) ? "0" : "T";
  const bool defined =
      std::all_of(findings.members.begin(), findings.members.end(),
                  [](const MemberFindings& member) { return member.cosine_defined; });
  statements.push_back(fmt::format(
      "from its checkpoint T on |e(t)| <= (1 - eta alpha)^(t-T) |e(T)| with alpha >= {}",
      quoted(b.alpha)));
  statements.push_back(
      fmt::format("for all t >= {}, |beta(t) - beta({})| <= {} and |A(t) - A({})|_F <= {}", from,
                  from, quoted(b.beta_displacement), from, quoted(b.A_displacement)));
  Statement cosines;
  cosines.cos_min = b.cos_min, cosines.cos_max = b.cos_max;
  statements.push_back("for all t >= T, " + cosine_text(cosines, defined));
  if (order_of(b.radius) > 0)
    statements.push_back(fmt::format("all this for every start within {} of each (Frobenius norm)",
                                     quoted(b.radius)));
}

Implication implication_of(const FamilyCertificate& family, const FamilyFindings& findings) {
  const FamilyStatement& s = family.declaration.statement;
  Implication implied;
  implied.conditional = !is_initial(s.kind);
  implied.reason = is_initial(s.kind) ? "by Theorems A and B, " : "by Theorem A, ";
  implied.statements.push_back(fmt::format("{}, {}", count_text(findings), seeds_text(family)));
  add_theorems(implied.statements, family, findings);
  add_common_bounds(implied.statements, family, findings);
  add_frobenius(implied.statements, s.k);
  return implied;
}

/// On how many seeds it is proved, and what is left of each other one.
Findings summary_of(const FamilyCertificate& family, const FamilyFindings& findings) {
  Findings summary{.decision = findings.decision};
  summary.conditions.push_back(
      {"certificates of all seeds", findings.decision, count_text(findings)});
  for (std::size_t i = 0; i < findings.members.size(); ++i) {
    const MemberFindings& member = findings.members[i];
    summary.bits = std::max(summary.bits, member.bits);
    if (member.decision != Decision::proved)
      summary.conditions.push_back(
          {fmt::format("seed {}", family.seed(i)), member.decision, member.open});
  }
  return summary;
}

}  // namespace

Report report(const RunCertificate& c, const std::string& hash, const Findings& findings) {
  return {.kind = "run",
          .sha256 = hash,
          .object = object_of(c),
          .read = read_of(c, hash),
          .source = source_of(c),
          .implication = implication_of(c, findings),
          .trusted = trusted_of(c),
          .findings = findings};
}

Report report(const KernelCertificate& c, const std::string& hash, const Findings& findings) {
  return {.kind = "kernel",
          .sha256 = hash,
          .object = object_of(c),
          .read = read_of(c, hash),
          .source = "from X",
          .implication = implication_of(c),
          .trusted = trusted_with("the series and closed forms of the limit kernel"),
          .findings = findings};
}

Report report(const LawCertificate& c, const std::string& hash, const Findings& findings) {
  return {.kind = "law",
          .sha256 = hash,
          .object = object_of(c),
          .read = read_of(c, hash),
          .source = "from y, gamma, lambda, tau",
          .implication = implication_of(c),
          .trusted =
              trusted_with("the law of isometric data (I1) and the rules that enclose its means"),
          .findings = findings};
}

Report report(const WidthCertificate& c, const std::string& hash, const Findings& findings) {
  return {.kind = "width",
          .sha256 = hash,
          .object = object_of(c),
          .read = read_of(c, hash),
          .source = "from X, y, eta",
          .implication = implication_of(c),
          .trusted = trusted_with("Theorem P, the inequalities of probability that it quotes, and "
                                  "the series and closed forms of the limit kernel,"),
          .findings = findings};
}

Report report(const FamilyCertificate& family, const std::string& hash,
              const FamilyFindings& findings) {
  return {.kind = "family",
          .sha256 = hash,
          .object = object_of(family),
          .read = read_of(family, hash),
          .source = source_of(family),
          .implication = implication_of(family, findings),
          .trusted = trusted_with(is_initial(family.declaration.statement.kind)
                                      ? "Theorems A and B and the definition of a seed's numbers,"
                                      : "Theorem A and the definition of a seed's numbers,"),
          .findings = summary_of(family, findings)};
}

}  // namespace alignproof::check
