// SPDX-License-Identifier: Apache-2.0
// KF: kernel form and weight form at more and more digits.
#include "claims/identities/two_forms.hpp"

namespace alignproof::inline claims {

namespace {

Conclusion plan(Study& study) {
  return [runs = want_two_forms(study),
          precisions = identity_precisions(study.profile())](ClaimRow& row) {
    std::vector<EqualityRecord> records;
    for (const Handle<TwoForms>& run : runs) records.push_back(run->forms);
    conclude_equality(records, precisions, row);
  };
}

}  // namespace

Claim kf_claim() {
  return {.text = {.id = "KF",
                   .title = "Kernel form = weight form",
                   .statement = "$A(t+1) = A - (\\eta/\\sqrt{p})[\\psi'(A) \\circ (b e^\\top)]K$ "
                                "follows $W X^\\top$ exactly.",
                   .source = "ours, reports/docs/dynamics.md",
                   .premises = {"any activation, rule, penalty"},
                   .conclusion = "$A(t) = W(t)X^\\top$ for all $t$",
                   .constants = "none",
                   .method = "Both forms from the same instance at 50 and 100 digits: their "
                             "distance must shrink by about $10^{50}$.",
                   .falsifier = "A distance that does not shrink with the precision."},
          .place = 200,
          .self_test = true,
          .plan = plan};
}

}  // namespace alignproof::inline claims
