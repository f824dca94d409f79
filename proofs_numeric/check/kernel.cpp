// SPDX-License-Identifier: Apache-2.0
// The decision about a kernel certificate: gamma_lower <= lambda_min(Gbar) <= gamma_upper.
#include "kernel.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "limit_kernel.hpp"
#include "matrix.hpp"

namespace alignproof::check {

namespace {

/// What of an activation makes gamma = 0, of which X.
struct Symmetry {
  bool linear;        ///< psi(x) = x, so Gbar = K
  bool odd;           ///< psi(-x) = -psi(x)
  bool zero_at_zero;  ///< psi(0) = 0
};

Symmetry symmetry(Activation psi) {
  switch (psi) {
    case Activation::identity:
      return {.linear = true, .odd = true, .zero_at_zero = true};
    case Activation::tanh:
    case Activation::erf:
      return {.linear = false, .odd = true, .zero_at_zero = true};
    case Activation::relu:
    case Activation::gelu:
      return {.linear = false, .odd = false, .zero_at_zero = true};
    case Activation::sigmoid:
    case Activation::softplus:
      return {.linear = false, .odd = false, .zero_at_zero = false};
  }
  throw std::logic_error("no such activation");
}

/// Why gamma = 0, if the exact rows of X say so.
std::optional<std::string> reason_for_zero(const KernelCertificate& c) {
  const std::size_t n = c.n(), d = c.d();
  const Symmetry psi = symmetry(c.activation);
  const auto all = [&](auto holds) {
    for (std::size_t m = 0; m < d; ++m)
      if (!holds(m)) return false;
    return true;
  };
  if (psi.linear && n > d) return "n > d";
  for (std::size_t i = 0; i < n; ++i) {
    if (psi.zero_at_zero && all([&](std::size_t m) { return c.X(i, m) == 0; }))
      return fmt::format("row {} of X is 0", i);
    for (std::size_t j = 0; j < i; ++j) {
      if (all([&](std::size_t m) { return c.X(i, m) == c.X(j, m); }))
        return fmt::format("rows {} and {} of X are equal", j, i);
      if (psi.odd && all([&](std::size_t m) { return c.X(i, m) == -c.X(j, m); }))
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
  if (gamma_lower <= 0) return {lower, Decision::proved, "Gbar is positive semidefinite"};
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
  if (gamma_upper < 0)
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

}  // namespace

Findings verify_at(const KernelCertificate& c, long bits) {
  const PrecisionScope scope(bits);
  Findings findings{.bits = bits};
  findings.conditions.push_back(
      require_at_least("gamma_upper >= gamma_lower", c.gamma_upper, c.gamma_lower));
  if (findings.conditions.back().decision == Decision::proved) {
    if (const std::optional<std::string> reason = reason_for_zero(c)) {
      for (const auto& [name, holds] :
           {std::pair{lower, c.gamma_lower <= 0}, {upper_side, c.gamma_upper >= 0}})
        findings.conditions.push_back({name, holds ? Decision::proved : Decision::violated,
                                       fmt::format("gamma = 0, as {}", *reason)});
    } else {
      const BallMatrix G = limit_kernel(c.activation, gram_of_rows(c.X));
      findings.conditions.push_back(lower_side(G, c.gamma_lower));
      findings.conditions.push_back(upper_side_of(G, c.gamma_upper));
    }
  }
  findings.decision = decide(findings.conditions);
  return findings;
}

Findings verify(const KernelCertificate& certificate, long first_bits, long last_bits) {
  Findings findings = verify_at(certificate, first_bits);
  while (findings.decision == Decision::undecided && findings.bits < last_bits)
    findings = verify_at(certificate, std::min(2 * findings.bits, last_bits));
  return findings;
}

}  // namespace alignproof::check
