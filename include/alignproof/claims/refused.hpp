// SPDX-License-Identifier: Apache-2.0
// What became of a false claim.
#pragma once

#include <vector>

#include <alignproof/format/report.hpp>

namespace alignproof::inline claims {

struct Refused {
  Rejection rejection;
  std::vector<StatisticalTest> tests;  ///< behind it
};

}  // namespace alignproof::inline claims
