// SPDX-License-Identifier: Apache-2.0
// What claims that are no folder yet have in common. Goes with the last of them.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/claims/batch.hpp>
#include <alignproof/claims/premises.hpp>
#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/course.hpp>
#include <alignproof/claims/probes/decay.hpp>
#include <alignproof/claims/probes/displacement.hpp>
#include <alignproof/claims/probes/start.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/dynamics/alignment_law.hpp>

namespace alignproof {

struct RunRecord : Run,
                   StartProbe::Record,
                   DecayProbe::Record,
                   DisplacementProbe::Record,
                   AlignmentProbe::Record,
                   CourseProbe::Record {
  double sup_dG = 0, sup_dH = 0;                        // DriftProbe
  double sup_v = 0, sup_v_linear = 0, v0 = 0, Cv = 0;   // RemainderProbe
  std::optional<double> penalty_budget;                 // BudgetProbe
};

using BatchResult = Runs<RunRecord>;

}  // namespace alignproof
