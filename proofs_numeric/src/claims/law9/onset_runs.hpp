// SPDX-License-Identifier: Apache-2.0
// Networks that lose stability, beside the onset of the law.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "claims/mean_field/field_runs.hpp"

namespace alignproof::inline claims {

/// One network, until well after the onset.
struct OnsetRun {
  double p = 0;
  std::string replay;
  double cosine = 0;           ///< at the law's onset
  std::optional<double> lost;  ///< slow time from which |e| is more than twice that of the law
  double gain = 0;             ///< sum of ln |m_t| since the onset until then
  /// Since where eta lambda_max(G) = 2, as if the penalty did not count; 0 if that is later.
  double gain_without_penalty = 0;
  double rounding_gain = 0;  ///< what it is predicted to be where rounding alone disturbs
  bool diverged = false;     ///< |e| left every bound
  double end_error = 0, end_cosine = 0;  ///< |e|/|Y| at the end
};

struct OnsetRecord {
  FieldCase field_case;
  std::optional<FieldPoint> onset;  ///< of the law
  double end = 0;                   ///< slow time at the end of the runs
  std::vector<OnsetRun> runs;       ///< one a width
};

Handle<OnsetRecord> want_onset(Study& study, const FieldCase& c);

}  // namespace alignproof::inline claims
