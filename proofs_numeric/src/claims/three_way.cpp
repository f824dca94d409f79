// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/three_way.hpp>

namespace alignproof::inline claims {

VerdictKind three_way(bool holds, bool refuted) {
  if (holds) return VerdictKind::holds;
  return refuted ? VerdictKind::refuted : VerdictKind::undecided;
}

Verdict three_way_verdict(VerdictKind kind, const std::string& words, const std::string& witness) {
  if (kind == VerdictKind::holds) return Verdict::holds(words);
  if (kind == VerdictKind::refuted)
    return Verdict::refuted(witness.empty() ? words : words + "; " + witness);
  return Verdict::undecided(words);
}

}  // namespace alignproof::inline claims
