// SPDX-License-Identifier: Apache-2.0
// Sizes of law1 to law6 and T3K, declared before the run.
#pragma once

#include <vector>

#include <alignproof/claims/settings.hpp>

namespace alignproof::inline claims {

struct LawSizes {
  std::vector<std::size_t> widths = {1000, 8000, 64000, 512000, 4000000};
  std::vector<std::size_t> schedule_widths = {1000, 8000, 64000, 512000};
  /// One slope a tuple; at each width a tuple has the root mean square of so many runs, since a
  /// single difference may vanish by chance.
  std::size_t tuples = 32, runs = 4;
  std::size_t cases = 300;           ///< random laws: closed form, guaranteed level
  std::size_t loss_width = 1000000;  ///< of the wider run whose loss of stability is timed
  std::vector<unsigned> digits = {50, 200, 1000};
  double nats = 6;  ///< what the O(1) term of the predicted delay may be

  std::size_t seeds() const { return tuples * runs; }  ///< at each width
};

LawSizes law_sizes(const Profile& profile);

}  // namespace alignproof::inline claims
