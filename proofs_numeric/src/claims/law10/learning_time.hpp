// SPDX-License-Identifier: Apache-2.0
// How long networks take to learn features: feedback alignment and backpropagation under the same
// penalty.
#pragma once

#include <vector>

#include "claims/mean_field/field_runs.hpp"

namespace alignproof::inline claims {

/// The runs of law10.
struct LearningRuns {
  Handle<FieldRecord> fa;      ///< on tau, from 0 to 3
  Handle<FieldRecord> bp;      ///< on tau as well; its course is the law of feedback alignment
  Handle<FieldRecord> bp_own;  ///< on tau_2 = eta t / p, beside (N7)
};
LearningRuns want_learning(Study& study);

/// |e| of the law of feedback alignment at tau = 1, between the kernel value at tau = 0 and later
/// ones.
double level_of(const FieldRecord& fa);

/// Slow time after which |e| stays below the level, linear between two of the times that are looked
/// at, at least one step; infinite if it is above at the last of them.
double time_below(const NetworkSlowRun& run, const std::vector<double>& times, double level,
                  double one_step);

/// Of every run, in steps. `power` is that of p in the slow time.
LawTable steps_until_below(const FieldRecord& record, double level, double power);

/// | |e| - law | / |Y| over the later half of the times, largest; the law is the kernel value
/// lambda |(lambda + G_0)^{-1} Y| where `constant`, else that of the record.
LawTable error_gaps(const FieldRecord& record, bool constant);

}  // namespace alignproof::inline claims
