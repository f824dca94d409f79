// SPDX-License-Identifier: Apache-2.0
// Claims that networks lie at a distance of order p^{-1/2} from the law for their activation.
#pragma once

#include <string>
#include <vector>

#include <alignproof/format/report.hpp>

#include "claims/mean_field/field_runs.hpp"

namespace alignproof::inline claims {

/// One exponent in p that a row tests to be below -1/2 and the margin.
struct FieldGap {
  std::string what;
  const FieldRecord* record;
  LawTable gaps;         ///< by width and seed, a multiple of the tuples
  double evaluator = 0;  ///< error of the law that the gaps are to
};

/// Tests every exponent and fills verdict, premises, tests and measurements. A law that is not
/// stable makes the row undecided and counts as no instance. So does an evaluator of the law whose
/// error is above a tenth of the median gap at the largest width. What lies outside the theorem,
/// since psi' is not Lipschitz, is measured: it is no instance, and can make the row undecided
/// only.
void conclude_gaps(const Profile& profile, const std::vector<FieldGap>& all, ClaimRow& row);

}  // namespace alignproof::inline claims
