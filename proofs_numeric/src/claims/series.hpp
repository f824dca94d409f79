// SPDX-License-Identifier: Apache-2.0
// What figures of runs share.
#pragma once

#include <cstddef>
#include <vector>

namespace alignproof::inline claims {

/// 0, 1, ..., size - 1: the steps of a run.
inline std::vector<double> counting(std::size_t size) {
  std::vector<double> t(size);
  for (std::size_t k = 0; k < size; ++k) t[k] = static_cast<double>(k);
  return t;
}

}  // namespace alignproof::inline claims
