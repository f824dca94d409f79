// SPDX-License-Identifier: Apache-2.0
// Limits of what was measured decide one way, the other way, or not.
#pragma once

#include <string>

#include <alignproof/core/verdict.hpp>

namespace alignproof::inline claims {

VerdictKind three_way(bool holds, bool refuted);

/// `kind` is holds, refuted or undecided. A refutation shows its witness, if there is one.
Verdict three_way_verdict(VerdictKind kind, const std::string& words,
                          const std::string& witness = "");

}  // namespace alignproof::inline claims
