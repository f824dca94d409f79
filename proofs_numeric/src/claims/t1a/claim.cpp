// SPDX-License-Identifier: Apache-2.0
// T1a: the initial Gram matrix is well conditioned, a step of the proof of T1.
#include <alignproof/claims/claim.hpp>

#include <algorithm>
#include <cmath>

#include <alignproof/claims/probes/start.hpp>
#include <alignproof/claims/shares.hpp>
#include <alignproof/claims/summary.hpp>

#include "claims/theory.hpp"

namespace alignproof::inline claims {

namespace {

using SeenRun = Seen<StartProbe>;
using SeenRuns = Runs<SeenRun>;

Conclusion plan(Study& study) {
  return [share = share_wanted(study.profile()),
          starts = study.want<StartProbe>(wide_starts(study))](ClaimRow& row) {
    conclude_shares(share,
                    judged(starts,
                           [](const SeenRuns& runs, const SeenRun& r) {
                             return success_if(r.G0_min >= 0.75 * runs.gamma());
                           }),
                    start_premises, row);
    double least = INFINITY;
    for (const Handle<SeenRuns>& runs : starts)
      least = std::min(least, smallest(values(*runs, &SeenRun::G0_min)) / runs->gamma());
    row.bound = 0.75;
    row.bound_label = "$3/4$";
    row.measured = least;
    row.measured_label = "$\\min \\lambda_{\\min}(G(0)) / \\gamma$";
    row.ratio = 0.75 / least;
    row.ratio_label = "bound / measured, the bound being a lower one";
  };
}

}  // namespace

Claim t1a_claim() {
  return {.text = {.id = "T1a",
                   .title = "The initial Gram matrix is well conditioned",
                   .statement = "$\\lambda_{\\min}(G(0)) \\ge 3\\gamma/4$ with probability at "
                                "least $1 - \\delta$, $G = \\Psi^\\top\\Psi/p$.",
                   .source = step_of_proof(),
                   .premises = {premise::smooth, premise::positive, premise::initial,
                                "$p$ large enough"},
                   .conclusion = "$\\lambda_{\\min}(G(0)) \\ge 3\\gamma/4$",
                   .constants = "none",
                   .method = "Initialisations at one width; Clopper-Pearson limits for the share "
                             "that succeeds.",
                   .falsifier = "Significantly more than a share $\\delta$ of initialisations with "
                                "a smaller eigenvalue."},
          .place = 30,
          .plan = plan,
          .settings = [](const Profile& profile) -> std::vector<SettingLine> {
            return {line_of_starts(profile)};
          }};
}

}  // namespace alignproof::inline claims
