// SPDX-License-Identifier: Apache-2.0
// The decision about a certificate: every condition that must hold for it to prove its claim.
#pragma once

#include <vector>

#include <alignproof/format/certificate.hpp>

#include "conditions.hpp"

namespace alignproof::check {

struct Findings {
  long bits = 0;  ///< precision of the arithmetic
  Decision decision = Decision::undecided;
  std::vector<Condition> conditions{};
  bool cosine_defined = false;  ///< from the checkpoint on, b != 0 and beta(t) is never 0
};

/// Decides at one precision.
Findings verify_at(const Certificate& certificate, long bits);

/// Doubles the precision from `first_bits` while undecided, up to `last_bits`.
Findings verify(const Certificate& certificate, long first_bits, long last_bits);

}  // namespace alignproof::check
