// SPDX-License-Identifier: Apache-2.0
// What the program says, from values that were read and verified; never text of the certificate.
#include "report.hpp"

#include <vector>

#include <fmt/format.h>

#include <arb.h>
#include <flint/flint.h>
#include <gmp.h>
#include <mpfr.h>

#include <alignproof/core/error.hpp>

namespace alignproof::check {

namespace {

std::string object_line(const Checkpoint& s) {
  return fmt::format(
      "object: feedback alignment in kernel form, lambda = 0, one output, psi = {}, n = {}, d = "
      "{}, p = {}, eta = {}, from the stored state (A, beta); t counts steps from there",
      to_string(s.activation), s.X.rows(), s.X.cols(), s.b.rows(), quoted(s.eta));
}

std::string read_line(const Checkpoint& s, const std::string& hash) {
  const std::size_t numbers =
      s.X.values.size() + s.y.values.size() + s.A.values.size() + 2 * s.b.values.size();
  return fmt::format(
      "read: certificate.json with SHA-256 {} and {} finite doubles in X, y, b, A, beta, taken as "
      "exact; the hashes of all files agree",
      hash, numbers);
}

std::string checked_line(const Findings& findings) {
  std::vector<std::string> parts;
  for (const Condition& condition : findings.conditions)
    parts.push_back(fmt::format("{} ({})", condition.inequality, condition.detail));
  return fmt::format("checked: in ball arithmetic of {} bits, from X, y, b, A, beta, eta: {}",
                     findings.bits, fmt::join(parts, "; "));
}

std::string cosine_text(const Statement& claim, bool defined) {
  return fmt::format("{} <= cos(b, beta(t)) <= {}{}", quoted(claim.cos_min), quoted(claim.cos_max),
                     defined ? "" : " wherever b and beta(t) are not 0");
}

std::string implies_line(const Certificate& certificate, const Findings& findings) {
  const Statement& claim = certificate.statement;
  return fmt::format(
      "implies: proved (conditional on the state at the checkpoint): by Theorem A, for all t >= 0, "
      "|e(t)| <= (1 - eta alpha)^t |e(0)| with alpha = {} and |e(0)| <= {}; |beta(t) - beta(0)| <= "
      "{}; |A(t) - A(0)|_F <= {}; {} (a decimal stands for the double nearest to it)",
      quoted(claim.alpha), quoted(claim.error), quoted(claim.beta_displacement),
      quoted(claim.A_displacement), cosine_text(claim, findings.cosine_defined));
}

std::string trusted_line() {
  return fmt::format(
      "trusted: Theorem A as written in reports/docs/theorem_a.md; this program; GMP {}, FLINT {} "
      "and Arb {} and the MPFR {} beneath them; the compiler and libc; the reader of the format "
      "and its JSON library; OpenSSL for hashes (integrity only)",
      gmp_version, flint_version, arb_version, mpfr_get_version());
}

/// All conditions with this decision in one line.
std::string open_line(const char* start, const Findings& findings) {
  std::vector<std::string> parts;
  for (const Condition& condition : findings.conditions)
    if (condition.decision == findings.decision)
      parts.push_back(fmt::format("{}: {}", condition.inequality, condition.detail));
  return fmt::format("{} (at {} bits) {}", start, findings.bits, fmt::join(parts, "; "));
}

}  // namespace

std::string report(const Certificate& certificate, const std::string& hash,
                   const Findings& findings) {
  std::vector<std::string> lines = {object_line(certificate.checkpoint),
                                    read_line(certificate.checkpoint, hash)};
  switch (findings.decision) {
    case Decision::proved:
      lines.insert(lines.end(),
                   {checked_line(findings), implies_line(certificate, findings), trusted_line()});
      break;
    case Decision::violated:
      lines.push_back(open_line("fails: the certificate does not prove its claim:", findings));
      break;
    case Decision::undecided:
      lines.push_back(open_line("undecided: not decided at the last precision:", findings));
      break;
  }
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

}  // namespace alignproof::check
