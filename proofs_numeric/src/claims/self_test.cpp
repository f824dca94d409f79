// SPDX-License-Identifier: Apache-2.0
// Planted errors go through the rows of a small study.
#include <algorithm>

#include <alignproof/claims/claim.hpp>

namespace alignproof::inline claims {

namespace {

/// Those of the claims that are made for it, and refute at least one instance.
std::vector<std::string> refuting_rows(const Dynamics& dynamics, const Settings& settings,
                                       std::span<const Claim> claims) {
  Settings small = settings;
  small.profile = self_test_profile();
  small.dynamics = dynamics;
  small.data.reset();
  std::vector<Claim> chosen;
  std::copy_if(claims.begin(), claims.end(), std::back_inserter(chosen),
               [](const Claim& claim) { return claim.self_test; });
  Progress silent;
  std::vector<std::string> ids;
  for (const ClaimRow& row : verify(small, chosen, silent).rows)
    if (row.verdict.kind() == VerdictKind::refuted) ids.push_back(row.text.id);
  return ids;
}

}  // namespace

Rejection planted_error(const Settings& settings, PlantedError error,
                        std::span<const Claim> claims) {
  return {Rejection::Kind::planted_error, to_string(error),
          refuting_rows(dynamics_with(error), settings, claims), ""};
}

std::vector<std::string> true_dynamics_refuted_by(const Settings& settings,
                                                  std::span<const Claim> claims) {
  return refuting_rows(Dynamics(), settings, claims);
}

}  // namespace alignproof::inline claims
