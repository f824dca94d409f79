// SPDX-License-Identifier: Apache-2.0
// One linear network, run down to the rounding floor of a precision.
#pragma once

#include <string>
#include <vector>

#include <alignproof/claims/study.hpp>

namespace alignproof::inline claims {

struct FloorRecord {
  unsigned digits = 16;  ///< 16: double
  std::string replay;
  std::vector<double> log_error;  ///< log10 |e(t)|, all t
  double floor = 0;               ///< derived, log10
  double last = 0;                ///< log10 of the largest |e(t)| over the last tenth of the run
  double contraction = 0;         ///< q: no exact step of the run shrinks |e| by less

  bool in_double() const { return digits == 16; }
};

/// In double, then at more and more digits.
std::vector<Handle<FloorRecord>> want_floor_runs(Study& study);

}  // namespace alignproof::inline claims
