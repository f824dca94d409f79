// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/sizes.hpp"

namespace alignproof::inline claims {

LawSizes law_sizes(const Profile& profile) {
  LawSizes sizes;
  if (profile.scale >= Scale::standard) {
    sizes.widths.push_back(100000000);
    sizes.tuples = 60, sizes.cases = 3000;
  }
  if (profile.scale == Scale::full)
    for (double p : {1e9, 1e10, 1e11, 1e12}) sizes.widths.push_back(static_cast<std::size_t>(p));
  return sizes;
}

}  // namespace alignproof::inline claims
