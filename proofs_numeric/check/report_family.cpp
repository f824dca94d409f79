// SPDX-License-Identifier: Apache-2.0
// What the program says of a family, from values that were read and verified.
#include <alignproof/core/no_fast_math.hpp>

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include <arb.h>
#include <flint/flint.h>
#include <gmp.h>
#include <mpfr.h>

#include <alignproof/core/double_order.hpp>
#include <alignproof/core/error.hpp>

#include "decide_family.hpp"

namespace alignproof::check {

namespace {

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

std::string trusted_line(const char* theory) {
  return fmt::format(
      "trusted: {} as written in reports/docs; this program; GMP {}, FLINT {} "
      "and Arb {} and the MPFR {} beneath them; the compiler and libc; the reader of the format "
      "and its JSON library; OpenSSL for hashes (integrity only)",
      theory, gmp_version, flint_version, arb_version, mpfr_get_version());
}

bool initial(const FamilyCertificate& family) {
  return is_initial(family.declaration.statement.kind);
}

std::string seeds_text(const FamilyCertificate& family) {
  return fmt::format("s = {}, ..., {}", family.seed(0), family.seed(family.members.size() - 1));
}

std::string object_line(const FamilyCertificate& family) {
  const FamilyStatement& s = family.declaration.statement;
  return fmt::format(
      "object: for each seed {}: {} in kernel form, {}, {}, psi = {}, n = {}, d = {}, p = {}, eta "
      "= {}, the same X and y for all, from {}",
      seeds_text(family), name_of(s.rule), penalty_text(s.penalty),
      s.k == 1 ? "one output" : fmt::format("{} outputs", s.k), to_string(s.activation), s.n, s.d,
      s.p, quoted(s.eta),
      initial(family) ? "the W(0), beta(0) of s with the b of s"
                      : "a stored state (A, beta) with the b of s");
}

std::string read_line(const FamilyCertificate& family, const std::string& hash) {
  const auto certificates =
      std::count_if(family.members.begin(), family.members.end(),
                    [](const FamilyMember& member) { return member.certificate.has_value(); });
  return fmt::format(
      "read: family.json with SHA-256 {} and the {} certificates that it lists by their hashes; "
      "the hashes of all files agree",
      hash, certificates);
}

std::string checked_line(const FamilyCertificate& family, const FamilyFindings& findings) {
  long most_bits = 0;
  for (const MemberFindings& member : findings.members)
    most_bits = std::max(most_bits, member.bits);
  return fmt::format(
      "checked: in ball arithmetic of at most {} bits, for each seed: the network, X and y are "
      "those of the family; {} the standard normal quantiles of the words of Philox4x32-10 at its "
      "places, to within 41 roundoffs; it claims what was declared; the common bounds; and every "
      "condition of its certificate, as alignproof-check lists them for its folder",
      most_bits, initial(family) ? "W(0), beta(0) and b are" : "b is");
}

/// The smallest interval that holds those of all members; gamma is one number.
DecayClaim common_gamma(const FamilyFindings& findings) {
  DecayClaim common = findings.members.front().gamma.value();
  for (const MemberFindings& member : findings.members) {
    if (order_of(member.gamma->gamma_min) < order_of(common.gamma_min))
      common.gamma_min = member.gamma->gamma_min;
    if (order_of(member.gamma->gamma_max) > order_of(common.gamma_max))
      common.gamma_max = member.gamma->gamma_max;
  }
  return common;
}

std::string theorems_text(const FamilyCertificate& family, const FamilyFindings& findings) {
  const FamilyStatement& s = family.declaration.statement;
  std::string text;
  if (s.decay) {
    const DecayClaim gamma = common_gamma(findings);
    text += fmt::format(
        "T1: |e(t+1)| <= (1 - eta gamma/4) |e(t)| for all t >= 0, with {} <= gamma <= {}; ",
        quoted(gamma.gamma_min), quoted(gamma.gamma_max));
  }
  if (s.kappa)
    text += fmt::format(
        "T2: b and beta(t) are not 0 and |cos(b, beta(t))| <= kappa/sqrt p < 1 for all t >= 0, "
        "with kappa = {}; ",
        quoted(*s.kappa));
  if (s.margin)
    text += fmt::format(
        "T3: cos(b, beta(t)) for all t >= T exceeds by more than {} all cosines of the same "
        "network without the penalty; ",
        quoted(*s.margin));
  return text;
}

std::string bounds_text(const FamilyCertificate& family, const FamilyFindings& findings) {
  if (!family.bounds) return "";
  const FamilyBounds& b = *family.bounds;
  const bool defined = std::all_of(findings.members.begin(), findings.members.end(),
                                   [](const MemberFindings& m) { return m.cosine_defined; });
  return fmt::format(
      "from its checkpoint T on |e(t)| <= (1 - eta alpha)^(t-T) |e(T)| with alpha >= {}, and {}; "
      "for all t >= {}, |beta(t) - beta({})| <= {} and |A(t) - A({})|_F <= {}",
      quoted(b.alpha), cosine_text({.cos_min = b.cos_min, .cos_max = b.cos_max}, defined),
      initial(family) ? "0" : "T", initial(family) ? "0" : "T", quoted(b.beta_displacement),
      initial(family) ? "0" : "T", quoted(b.A_displacement));
}

std::string implies_line(const FamilyCertificate& family, const FamilyFindings& findings) {
  return fmt::format(
      "implies: proved{} on {} of {} seeds: for each seed {}{}, by Theorem{}: {}{} (a decimal "
      "stands for the double nearest to it)",
      initial(family) ? "" : " (conditional on the state at each checkpoint)", findings.proved(),
      findings.members.size(), seeds_text(family),
      family.bounds && order_of(family.bounds->radius) > 0
          ? fmt::format(", and every start within {} of it (Frobenius norm)",
                        quoted(family.bounds->radius))
          : "",
      initial(family) ? "s A and B" : " A", theorems_text(family, findings),
      bounds_text(family, findings));
}

/// What is left of the first few seeds, and how many more there are.
std::string open_line(const FamilyCertificate& family, const FamilyFindings& findings) {
  constexpr std::size_t most = 5;
  std::string text = fmt::format("{} proved on {} of {} seeds",
                                 findings.decision == Decision::violated
                                     ? "fails: the family does not prove its claim:"
                                     : "undecided: left open:",
                                 findings.proved(), findings.members.size());
  std::size_t said = 0;
  for (std::size_t i = 0; i < findings.members.size(); ++i) {
    const MemberFindings& member = findings.members[i];
    if (member.decision != findings.decision || said == most) continue;
    ++said;
    text += fmt::format("; seed {}: {}", family.seed(i), member.open);
  }
  const std::size_t others = findings.members.size() - findings.proved() - said;
  if (others > 0) text += fmt::format("; and {} more", others);
  return text;
}

}  // namespace

std::string report(const FamilyCertificate& family, const std::string& hash,
                   const FamilyFindings& findings) {
  std::string text = fmt::format("{}\n{}\n", object_line(family), read_line(family, hash));
  if (findings.decision != Decision::proved)
    return text + fmt::format("{}\n", open_line(family, findings));
  return text +
         fmt::format("{}\n{}\n{}\n", checked_line(family, findings), implies_line(family, findings),
                     trusted_line(initial(family) ? "Theorems A and B, and the numbers of a seed,"
                                                  : "Theorem A, and the numbers of a seed,"));
}

}  // namespace alignproof::check
