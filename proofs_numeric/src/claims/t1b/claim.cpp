// SPDX-License-Identifier: Apache-2.0
// T1b: the feedback term starts small, a step of the proof of T1.
#include <alignproof/claims/claim.hpp>

#include <algorithm>

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
    conclude_shares(
        share,
        judged(starts, [](const SeenRuns& runs,
                          const SeenRun& r) { return success_if(r.H0_norm <= runs.gamma() / 8); }),
        start_premises, row);
    double most = 0;
    for (const Handle<SeenRuns>& runs : starts)
      most = std::max(most, largest(values(*runs, &SeenRun::H0_norm)) / runs->gamma());
    row.bound = 0.125;
    row.bound_label = "$1/8$";
    row.measured = most;
    row.measured_label = "$\\max |H(0)| / \\gamma$";
    row.ratio = most / 0.125;
  };
}

}  // namespace

Claim t1b_claim() {
  return {.text = {.id = "T1b",
                   .title = "The feedback term starts small",
                   .statement = "$|H(0)| \\le \\gamma/8$ with probability at least $1 - \\delta$, "
                                "$H_{ij} = (K_{ij}/p)\\sum_r \\beta_r b_r "
                                "\\psi'(a_{ri})\\psi'(a_{rj})$.",
                   .source = step_of_proof(),
                   .premises = {premise::smooth, premise::positive, premise::initial,
                                "$p$ large enough"},
                   .conclusion = "$|H(0)| \\le \\gamma/8$",
                   .constants = "none",
                   .method = "As T1a. $|H(0)|$ is of order $1/\\sqrt{p}$, so this lemma asks for "
                             "the largest width.",
                   .falsifier = "Significantly more than a share $\\delta$ of initialisations with "
                                "a larger norm."},
          .place = 40,
          .plan = plan,
          .settings = [](const Profile& profile) -> std::vector<SettingLine> {
            return {line_of_starts(profile)};
          }};
}

}  // namespace alignproof::inline claims
