// SPDX-License-Identifier: Apache-2.0
// Guaranteed levels of random laws beside what the laws do.
#pragma once

#include <vector>

#include <alignproof/claims/study.hpp>

namespace alignproof::inline claims {

/// The guaranteed level of a random law and what the law does.
struct LevelSample {
  double spread = 1;   ///< c2 / c1
  double level = 0;    ///< from K and y
  double uniform = 0;  ///< from gamma, kappa and |y| alone
  double cosine = 0;   ///< after the cut
};

/// Of so many random K, y, lambda and T.
Handle<std::vector<LevelSample>> want_level_samples(Study& study, std::size_t cases);

}  // namespace alignproof::inline claims
