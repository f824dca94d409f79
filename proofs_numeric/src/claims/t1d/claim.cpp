// SPDX-License-Identifier: Apache-2.0
// T1d: G and H hardly move, a step of the proof of T1.
#include <alignproof/claims/claim.hpp>

#include <alignproof/claims/decay_outcome.hpp>
#include <alignproof/claims/summary.hpp>

#include "claims/t1d/drift.hpp"
#include "claims/theory.hpp"

namespace alignproof::inline claims {

namespace {

using SeenRun = Seen<DecayProbe, DriftProbe>;
using SeenRuns = Runs<SeenRun>;

constexpr const char* run_decayed =
    "the run decayed as in T1, which T1c turns into the displacement bounds";

double moved(const SeenRuns& b, const SeenRun& r) {
  return largest_so_far(r.sup_dG, r.sup_dH) / b.gamma();
}

Conclusion plan(Study& study) {
  return [share = share_wanted(study.profile()),
          batches = study.want<DecayProbe, DriftProbe>(overparameterised(study))](ClaimRow& row) {
    conclude_shares(share,
                    judged(batches,
                           [](const SeenRuns& b, const SeenRun& r) {
                             // Where the decay fails the lemma's premise does, and it says nothing.
                             return decayed(r) ? success_if(moved(b, r) <= 0.125)
                                               : SeedOutcome::unjudged;
                           }),
                    t1_premises, row);
    PremiseCount premise{run_decayed, 0, 0};
    double most = 0;
    for (const Handle<SeenRuns>& runs : batches) {
      premise.of += runs->records.size();
      premise.held += count(*runs, decayed<SeenRun>);
      for (const SeenRun& r : runs->records) most = largest_so_far(most, moved(*runs, r));
    }
    row.premises.push_back(premise);
    row.bound = 0.125;
    row.bound_label = "$1/8$";
    row.measured_label = "$\\sup_t |G(t) - G(0)|/\\gamma$ and the same of $H$";
    row.measured = most;
    row.ratio = most / 0.125;
  };
}

}  // namespace

Claim t1d_claim() {
  return {.text = {.id = "T1d",
                   .title = "G and H hardly move",
                   .statement = "If the displacement bounds hold, $|G(t) - G(0)| \\le \\gamma/8$ "
                                "and $|H(t) - H(0)| \\le \\gamma/8$.",
                   .source = step_of_proof(),
                   .premises = {premise::smooth, premise::bounded_data, premise::positive,
                                premise::initial, premise::no_penalty, premise::step, run_decayed,
                                "$p$ large enough"},
                   .conclusion = "both at most $\\gamma/8$ at every step",
                   .constants = "none",
                   .method = "Spectral norms at every step of the runs of T1; share of seeds as "
                             "there.",
                   .falsifier = "Significantly more than a share $\\delta$ of seeds with a larger "
                                "drift."},
          .place = 70,
          .self_test = true,
          .plan = plan};
}

}  // namespace alignproof::inline claims
