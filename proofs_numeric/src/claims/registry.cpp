// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "common.hpp"

namespace alignproof {

const std::vector<Claim>& all_claims() {
  static const std::vector<Claim> claims = [] {
    std::vector<Claim> all;
    for (auto group : {t1_claims, t1_lemma_claims, least_width_claims, t2_claims, t3_claims,
                       law_claims, identity_claims, exact_claims, rounding_floor_claims, certificate_claims,
                       image_claims})
      for (Claim& claim : group()) all.push_back(std::move(claim));
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

}  // namespace alignproof
