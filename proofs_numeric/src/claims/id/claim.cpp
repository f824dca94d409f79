// SPDX-License-Identifier: Apache-2.0
// ID: the error recursion at more and more digits.
#include <fmt/format.h>

#include "claims/identities/two_forms.hpp"

namespace alignproof::inline claims {

namespace {

Conclusion plan(Study& study) {
  return [runs = want_two_forms(study),
          precisions = identity_precisions(study.profile())](ClaimRow& row) {
    std::vector<EqualityRecord> records;
    for (const Handle<TwoForms>& run : runs) records.push_back(run->recursion);
    conclude_equality(records, precisions, row);
  };
}

std::vector<std::pair<std::string, std::string>> digits(const Profile& profile) {
  return {{"digits of the identities",
           fmt::format("{}", fmt::join(identity_precisions(profile).digits, ", "))}};
}

}  // namespace

Claim id_claim() {
  return {.text = {.id = "ID",
                   .title = "Error recursion",
                   .statement = "$e(t+1) = (1 - \\eta\\lambda)e - \\eta M e - \\eta\\lambda y + v$ "
                                "with $M = G + H$, exactly.",
                   .source = "ours, reports/docs/dynamics.md",
                   .premises = {"any activation, rule, penalty"},
                   .conclusion = "the two sides are equal",
                   .constants = "none",
                   .method = "Both sides at 50 and 100 digits along runs with every activation, "
                             "one and two outputs: the difference must stay below its derived "
                             "rounding bound and shrink by about $10^{50}$. No tolerance is tuned.",
                   .falsifier = "A difference above the rounding bound, or one that does not "
                                "shrink with the precision."},
          .place = 190,
          .self_test = true,
          .plan = plan,
          .settings = digits};
}

}  // namespace alignproof::inline claims
