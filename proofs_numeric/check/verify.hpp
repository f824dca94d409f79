// SPDX-License-Identifier: Apache-2.0
// The decision about a certificate: every condition that must hold for it to prove its claim.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include <alignproof/format/certificate.hpp>

#include "budget.hpp"
#include "conditions.hpp"
#include "mass.hpp"

namespace alignproof::check {

/// Where the check of a run begins unless it is told otherwise: the radii of most runs need no
/// more, and integers of 64 bits serve.
inline constexpr long first_precision = 64;

struct Findings {
  long bits = 0;  ///< precision of the arithmetic
  Decision decision = Decision::undecided;
  std::vector<Condition> conditions{};
  bool complete = true;         ///< else more inequalities rest on those, and were not looked at
  bool cosine_defined = false;  ///< from the checkpoint on, b != 0 and beta(t) is never 0
  double work = 0;              ///< units of work done so far, at all precisions
  /// Of a neighbourhood of the initial data, where all is proved: how likely it is.
  std::optional<LogMass> mass{};
};

/// Decides at one precision: first what needs no orbit, then the run to the checkpoint, then what
/// rests on more. Ends at the first of these that is not proved.
Findings verify_at(const RunCertificate& certificate, long bits);
Findings verify_at(const RunCertificate& certificate, long bits, Budget& budget);

/// The work that the certificate may cost.
Budget budget_of(const RunCertificate& certificate);

/// `verify_at` with the precision doubled from `first_bits` while undecided, up to `last_bits` and
/// as far as the budget allows.
Findings verify(const RunCertificate& certificate, long first_bits, long last_bits);

/// The same for any decision at one precision.
template <typename DecideAt>
Findings with_rising_precision(const DecideAt& decide_at, Budget& budget, long first_bits,
                               long last_bits) {
  Findings findings = decide_at(first_bits);
  while (findings.decision == Decision::undecided && !budget.exhausted() &&
         findings.bits < last_bits) {
    Findings next = decide_at(std::min(2 * findings.bits, last_bits));
    if (next.decision == Decision::undecided && budget.exhausted()) {
      // What was left open at the last precision that the budget allowed, and why it stays so.
      findings.conditions.push_back(next.conditions.back());
      findings.work = next.work;
      break;
    }
    findings = std::move(next);
  }
  return findings;
}

}  // namespace alignproof::check
