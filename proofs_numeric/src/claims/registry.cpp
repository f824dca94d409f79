// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "claims/table.hpp"

namespace alignproof::inline claims {

const std::vector<Claim>& all_claims() {
  static const std::vector<Claim> claims = [] {
    std::vector<Claim> all;
    for (Claim (*make)() : claim_table()) all.push_back(make());
    std::stable_sort(all.begin(), all.end(),
                     [](const Claim& a, const Claim& b) { return a.place < b.place; });
    return all;
  }();
  return claims;
}

const Claim& claim_named(std::string_view id) {
  std::string known;
  for (const Claim& claim : all_claims()) {
    if (claim.text.id == id) return claim;
    known += (known.empty() ? "" : ", ") + claim.text.id;
  }
  throw InputError("claim", fmt::format("'{}'", id), "one of " + known);
}

}  // namespace alignproof::inline claims
