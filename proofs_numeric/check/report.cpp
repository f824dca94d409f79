// SPDX-License-Identifier: Apache-2.0
// What the program says, from values that were read and verified; never text of the certificate.
#include <alignproof/core/no_fast_math.hpp>

#include "report.hpp"

#include <cmath>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include <arb.h>
#include <flint/flint.h>
#include <gmp.h>
#include <mpfr.h>

#include <alignproof/core/double_order.hpp>
#include <alignproof/core/error.hpp>

#include "apriori.hpp"
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

std::string object_line(const RunCertificate& c) {
  const Start& s = c.start;
  const std::string around =
      order_of(c.radius) > 0
          ? fmt::format(", and from all within {} of each (Frobenius norm)", quoted(c.radius))
          : "";
  return fmt::format(
      "object: {} in kernel form, {}, {}, psi = {}, n = {}, d = {}, p = "
      "{}, eta = {}, from the stored {}{}; t counts steps from there{}",
      name_of(s.rule), penalty_text(s.penalty),
      s.k() == 1 ? "one output" : fmt::format("{} outputs", s.k()), to_string(s.activation), s.n(),
      s.d(), s.p(), quoted(s.eta), initial(c) ? "initial data W(0), beta(0)" : "state (A, beta)",
      around, initial(c) ? fmt::format("; T = {}", c.leg.checkpoint) : ", T = 0");
}

std::string read_line(const RunCertificate& c, const std::string& hash) {
  const Start& s = c.start;
  std::size_t numbers = c.whole_run.errors.values.size();
  for (const Array* array : {&s.X, &s.y, &s.b, &s.W, &s.A, &s.beta})
    numbers += array->values.size();
  return fmt::format(
      "read: certificate.json with SHA-256 {} and {} finite doubles in {}, taken as exact; the "
      "hashes of all files agree",
      hash, numbers, initial(c) ? "X, y, b, W, beta, errors" : "X, y, b, A, beta");
}

std::string checked_line(const char* from, const Findings& findings) {
  std::vector<std::string> parts;
  for (const Condition& condition : findings.conditions)
    parts.push_back(fmt::format("{} ({})", condition.inequality, condition.detail));
  return fmt::format("checked: in ball arithmetic of {} bits, {}: {}", findings.bits, from,
                     fmt::join(parts, "; "));
}

std::string checked_line(const RunCertificate& c, const Findings& findings) {
  return checked_line(initial(c) ? "along an orbit computed here from X, y, b, W, beta, eta"
                                 : "from X, y, b, A, beta, eta",
                      findings);
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

/// What follows for every t >= 0 from the initialisation.
std::string whole_run_text(const RunCertificate& c) {
  const WholeRun& run = c.whole_run;
  std::string text = fmt::format(
      "for all t >= 0, |beta(t) - beta(0)| <= {}, |A(t) - A(0)|_F <= {}, and for t <= T |e(t)| "
      "lies "
      "in row t of errors.npy; ",
      quoted(run.beta_displacement), quoted(run.A_displacement));
  if (run.decay)
    text += fmt::format(
        "T1 on this instance{}: |e(t+1)| <= (1 - eta gamma/4) |e(t)| for all t >= 0, with {} <= "
        "gamma <= {}; ",
        starts_without_error(run) ? " (e(t) = 0 for all t, so it says nothing)" : "",
        quoted(run.decay->gamma_min), quoted(run.decay->gamma_max));
  if (run.no_alignment)
    text += fmt::format(
        "T2 on this instance: b and beta(t) are not 0 and |cos(b, beta(t))| <= kappa/sqrt p < 1 "
        "for all t >= 0, with kappa = {}; ",
        quoted(run.no_alignment->kappa));
  if (run.alignment)
    text += fmt::format(
        "T3 on this instance: cos(b, beta(t)) >= {} for all t >= T, while without the penalty "
        "cos(b, beta(t)) <= {} for all t >= 0; ",
        quoted(c.leg.statement.cos_min), quoted(run.alignment->twin.statement.cos_max));
  return text;
}

const char* frobenius_text(std::size_t k) {
  return k == 1 ? ""
                : "; of e, b and beta, matrices of k columns, |.| and the cosine are those of "
                  "Frobenius";
}

/// How likely the neighbourhood is.
std::string mass_text(const Findings& findings) {
  if (!findings.mass) return "";
  const Ball log_10 = log(10);
  return fmt::format(
      "; the starts of which this is said have the probability 10^x, x in [{}, {}], where the "
      "entries of W(0), beta(0) are independent and N(0, 1)",
      text(findings.mass->lower / log_10), text(findings.mass->upper / log_10));
}

std::string implies_line(const RunCertificate& c, const Findings& findings) {
  const Statement& claim = c.leg.statement;
  return fmt::format(
      "implies: proved{}: by Theorem{}, {}for all t >= T, |e(t)| <= (1 - eta alpha)^(t-T) |e(T)| "
      "with alpha = {} and |e(T)| <= {}; |beta(t) - beta(T)| <= {}; |A(t) - A(T)|_F <= {}; {}{} (a "
      "decimal stands for the double nearest to it)",
      initial(c) ? "" : " (conditional on the state at the checkpoint)",
      initial(c)        ? "s A and B"
      : c.start.plain() ? " A"
                        : " A (variant)",
      initial(c) ? whole_run_text(c) : "", quoted(claim.alpha), quoted(claim.error),
      quoted(claim.beta_displacement), quoted(claim.A_displacement),
      cosine_text(claim, findings.cosine_defined),
      mass_text(findings) + frobenius_text(c.start.k()));
}

std::string trusted_line(const char* theory) {
  return fmt::format(
      "trusted: {} as written in reports/docs; this program; GMP {}, FLINT {} "
      "and Arb {} and the MPFR {} beneath them; the compiler and libc; the reader of the format "
      "and its JSON library; OpenSSL for hashes (integrity only)",
      theory, gmp_version, flint_version, arb_version, mpfr_get_version());
}

std::string trusted_line(const RunCertificate& c) {
  return trusted_line(initial(c)        ? "Theorems A and B"
                      : c.start.plain() ? "Theorem A"
                                        : "the variants of Theorem A");
}

/// All conditions with this decision in one line.
std::string open_line(const char* start, const Findings& findings) {
  std::vector<std::string> parts;
  for (const Condition& condition : findings.conditions)
    if (condition.decision == findings.decision)
      parts.push_back(fmt::format("{}: {}", condition.inequality, condition.detail));
  return fmt::format("{} (at {} bits) {}", start, findings.bits, fmt::join(parts, "; "));
}

std::string object_line(const KernelCertificate& c) {
  return fmt::format(
      "object: gamma, the smallest eigenvalue of the limit kernel Gbar_ij = E psi(<w, x_i>) "
      "psi(<w, x_j>), w ~ N(0, I), psi = {}, of the n = {} rows of X, d = {}",
      to_string(c.activation), c.n(), c.d());
}

std::string read_line(const KernelCertificate& c, const std::string& hash) {
  return fmt::format(
      "read: kernel.json with SHA-256 {} and {} finite doubles in X, taken as exact; the hash of X "
      "agrees",
      hash, c.X.values.size());
}

std::string implies_line(const KernelCertificate& c) {
  return fmt::format(
      "implies: proved: gamma of {} on {} sample{} lies in [{}, {}]{} (a decimal stands for the "
      "double nearest to it)",
      to_string(c.activation), c.n(), c.n() == 1 ? "" : "s", quoted(c.gamma_lower),
      quoted(c.gamma_upper), order_of(c.gamma_lower) > 0 ? ", so Gbar is positive definite" : "");
}

std::string object_line(const LawCertificate& c) {
  return fmt::format(
      "object: the alignment law, the limit p -> infinity of feedback alignment with one output on "
      "the slow time tau, psi = {}, K = gamma I with gamma = {}, n = {}, ybar = |y_i| = {}, lambda "
      "= {}, tau = {}",
      to_string(c.activation), quoted(c.gamma), c.n(), quoted(std::abs(c.y.values.front())),
      quoted(c.lambda), quoted(c.tau));
}

std::string read_line(const LawCertificate& c, const std::string& hash) {
  return fmt::format(
      "read: law.json with SHA-256 {} and {} finite doubles in y, taken as exact; the hash of y "
      "agrees",
      hash, c.n());
}

std::string bounds_text(const LawBounds& bounds) {
  return fmt::format("[{}, {}]", quoted(bounds.lower), quoted(bounds.upper));
}

std::string implies_line(const LawCertificate& c) {
  const LawValues& v = c.values;
  return fmt::format(
      "implies: proved: the law at tau = {} has cos(b, beta) in {}, also after a cut of the "
      "penalty "
      "there; |e| in {}; M in {}; G = E psi(a) psi(a)^T has the eigenvalues {} in the direction of "
      "y{} (a decimal stands for the double nearest to it)",
      quoted(c.tau), bounds_text(v.cosine), bounds_text(v.error), bounds_text(v.M),
      bounds_text(v.largest),
      c.n() == 1 ? "" : fmt::format(" and {} in the others", bounds_text(v.smallest)));
}

std::string object_line(const WidthCertificate& c) {
  return fmt::format(
      "object: {}, lambda = 0, {}, psi = {}, n = {}, d = {}, eta = {}, from {} whose "
      "entries are independent and N(0, 1), at every width p >= N = {}; gamma is the smallest "
      "eigenvalue of the limit kernel Gbar_ij = E psi(<w, x_i>) psi(<w, x_j>), w ~ N(0, I)",
      name_of(c.rule), c.k() == 1 ? "one output" : fmt::format("{} outputs", c.k()),
      to_string(c.activation), c.n(), c.d(), quoted(c.eta),
      is_backpropagation(c.rule) ? "W(0), beta(0)" : "W(0), beta(0), b", c.p);
}

std::string read_line(const WidthCertificate& c, const std::string& hash) {
  return fmt::format(
      "read: width.json with SHA-256 {} and {} finite doubles in X, y, taken as exact; the hashes "
      "of both agree",
      hash, c.X.values.size() + c.y.values.size());
}

/// T2, or that nothing is said of it.
std::string kappa_text(const WidthClaims& claims) {
  if (!claims.kappa) return "of T2 nothing is claimed";
  return fmt::format("T2: |cos(b, beta(t))| <= kappa/sqrt p with kappa = {}",
                     quoted(*claims.kappa));
}

std::string implies_line(const WidthCertificate& c) {
  const WidthClaims& claims = c.claims;
  return fmt::format(
      "implies: proved: by Theorem P, for every width p >= {}, with probability at least 1 - {} "
      "over {}, for all t >= 0 and all r: T1: |e(t+1)| <= (1 - eta gamma/4) "
      "|e(t)|, where {} <= gamma <= {}; |w_r(t) - w_r(0)| <= c1 n sqrt(log p) / (gamma sqrt p) "
      "with "
      "c1 = {}; |beta_r(t) - beta_r(0)| <= c2 n {}/ (gamma sqrt p) with c2 = {}; |beta(t) - "
      "beta(0)| <= {}; |A(t) - A(0)|_F <= {}; {}{} (a decimal stands for the double nearest to it)",
      c.p, quoted(c.delta), is_backpropagation(c.rule) ? "W(0) and beta(0)" : "W(0), beta(0) and b",
      quoted(c.spectra.gamma_lower), quoted(c.spectra.gamma_upper), quoted(claims.c1),
      is_bounded(c.activation) ? "" : "sqrt(log p) ", quoted(claims.c2),
      quoted(claims.beta_displacement), quoted(claims.A_displacement), kappa_text(claims),
      frobenius_text(c.k()));
}

std::string lines_of(const std::string& object, const std::string& read, const std::string& checked,
                     const std::string& implies, const std::string& trusted,
                     const Findings& findings) {
  std::vector<std::string> lines = {object, read};
  switch (findings.decision) {
    case Decision::proved:
      lines.insert(lines.end(), {checked, implies, trusted});
      break;
    case Decision::violated:
      lines.push_back(open_line("fails: the certificate does not prove its claim:", findings));
      break;
    case Decision::undecided:
      lines.push_back(open_line("undecided: left open:", findings));
      break;
  }
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

}  // namespace

std::string report(const RunCertificate& c, const std::string& hash, const Findings& findings) {
  return lines_of(object_line(c), read_line(c, hash), checked_line(c, findings),
                  implies_line(c, findings), trusted_line(c), findings);
}

std::string report(const KernelCertificate& c, const std::string& hash, const Findings& findings) {
  return lines_of(object_line(c), read_line(c, hash), checked_line("from X", findings),
                  implies_line(c), trusted_line("the series and closed forms of the limit kernel"),
                  findings);
}

std::string report(const LawCertificate& c, const std::string& hash, const Findings& findings) {
  return lines_of(
      object_line(c), read_line(c, hash), checked_line("from y, gamma, lambda, tau", findings),
      implies_line(c),
      trusted_line("the law of isometric data (I1) and the rules that enclose its means"),
      findings);
}

std::string report(const WidthCertificate& c, const std::string& hash, const Findings& findings) {
  return lines_of(object_line(c), read_line(c, hash), checked_line("from X, y, eta", findings),
                  implies_line(c),
                  trusted_line("Theorem P, the inequalities of probability that it quotes, and the "
                               "series and closed forms of the limit kernel,"),
                  findings);
}

}  // namespace alignproof::check
