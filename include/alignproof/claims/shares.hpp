// SPDX-License-Identifier: Apache-2.0
// "With probability >= wanted over the initialisation", judged by how many seeds succeed.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <alignproof/claims/premises.hpp>
#include <alignproof/claims/refused.hpp>
#include <alignproof/claims/study.hpp>
#include <alignproof/format/report.hpp>
#include <alignproof/statistics/tests.hpp>

namespace alignproof::inline claims {

/// Decided by Clopper-Pearson limits, each of which errs with probability at most `level`.
struct ShareClaim {
  double wanted, level;
};
/// T1-T3: 1 - delta at the profile's level.
ShareClaim share_wanted(const Profile& profile);

/// A seed that could not be judged (too much below rounding, or the premise of a conditional claim
/// failed) counts as a failure where the claim is to hold and as a success where it is refuted.
struct Seeds {
  std::size_t successes = 0, unjudged = 0, trials = 0;
};
/// holds, refuted (then `witness` is shown) or undecided.
Verdict probability_verdict(const ShareClaim& claim, const Seeds& seeds,
                            const std::string& witness);

/// What such a test may say wrongly and what it sees.
StatisticalTest share_test(const std::string& claim, const std::string& what,
                           const ShareClaim& share, std::size_t trials);

/// `outside`: the seed does not meet a premise that is decided at t = 0. It is no trial.
enum class SeedOutcome { success, failure, unjudged, outside };
inline SeedOutcome success_if(bool success) {
  return success ? SeedOutcome::success : SeedOutcome::failure;
}

/// The runs of one batch with what became of each.
struct JudgedRuns {
  RunSet set;
  std::vector<Run> runs;
  std::vector<SeedOutcome> outcomes;
};

/// judge(record) gives the outcome of a seed.
template <class Record, class Judge>
JudgedRuns judged(const Runs<Record>& runs, const Judge& judge) {
  JudgedRuns result{runs, {}, {}};
  for (const Record& record : runs.records) {
    result.runs.push_back(record);
    result.outcomes.push_back(judge(record));
  }
  return result;
}
/// judge(runs, record), of several batches.
template <class Record, class Judge>
std::vector<JudgedRuns> judged(const std::vector<Handle<Runs<Record>>>& batches,
                               const Judge& judge) {
  std::vector<JudgedRuns> all;
  for (const Handle<Runs<Record>>& runs : batches)
    all.push_back(judged(*runs, [&](const Record& record) { return judge(*runs, record); }));
  return all;
}

Seeds count_seeds(const std::vector<SeedOutcome>& outcomes);

/// The premises of a row, of one of its batches.
using PremisesOf = std::function<Premises(const RunSet&)>;

/// Fills a row from batches of which each seed succeeds or fails: results, counts, verdict, tests.
/// A batch outside the premises is no instance, and undecided: the claim says nothing of it.
void conclude_shares(const ShareClaim& share, const std::vector<JudgedRuns>& batches,
                     const PremisesOf& premises, ClaimRow& row);

/// "With probability >= wanted", which is false: must come out as refuted. The power stated is that
/// of refuting a share of `alternative`.
struct RefusedShare {
  std::string id;    ///< of the row whose test refuses it
  std::string name;  ///< what is claimed falsely, prose with $...$
  double alternative = 0.5;
};
Refused refuse_share(const ShareClaim& share, const RefusedShare& claim, const JudgedRuns& runs);

}  // namespace alignproof::inline claims
