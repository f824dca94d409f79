// SPDX-License-Identifier: Apache-2.0
// Claims that a gap between runs and the law is of order p^{-1/2}.
#pragma once

#include <string>
#include <vector>

#include <alignproof/format/report.hpp>

#include "claims/laws/law_runs.hpp"

namespace alignproof::inline claims {

/// One exponent in p that a row tests to be below -1/2 and the margin.
struct GapExponent {
  std::string what;
  const LawRecord* record;
  const LawTable* gaps;
};

/// Root mean squares of `runs` gaps each, at least one rounding of a cosine; infinite if a run
/// diverged.
LawTable by_tuple(const LawTable& gaps, std::size_t runs);

/// Tests every exponent and fills verdict, tests and measurements.
void conclude_exponents(const Profile& profile, const std::vector<GapExponent>& exponents,
                        ClaimRow& row);

}  // namespace alignproof::inline claims
