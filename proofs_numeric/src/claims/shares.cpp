// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/shares.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <alignproof/claims/three_way.hpp>
#include <alignproof/statistics/fit.hpp>

namespace alignproof::inline claims {

ShareClaim share_wanted(const Profile& profile) {
  return {1 - profile.delta, profile.level};
}

Verdict probability_verdict(const ShareClaim& claim, const Seeds& seeds,
                            const std::string& witness) {
  if (seeds.trials == 0) return Verdict::undecided("no seed meets the premises");
  const std::size_t possible = seeds.successes + seeds.unjudged;
  const double lower = clopper_pearson(seeds.successes, seeds.trials, claim.level).lower,
               upper = clopper_pearson(possible, seeds.trials, claim.level).upper;
  std::string counted = fmt::format("{} of {} seeds succeeded", seeds.successes, seeds.trials);
  if (seeds.unjudged > 0) counted += fmt::format(", {} not judged", seeds.unjudged);
  const VerdictKind kind = three_way(lower >= claim.wanted, upper < claim.wanted);
  const std::string words =
      kind == VerdictKind::holds
          ? fmt::format("{} at level {}, {}", claim.wanted, claim.level, counted)
      : kind == VerdictKind::refuted
          ? fmt::format("{}, below {} at level {}", counted, claim.wanted, claim.level)
          : fmt::format("{}: between {:.3f} and {:.3f} at level {}", counted, lower, upper,
                        claim.level);
  return three_way_verdict(kind, words, witness);
}

Seeds count_seeds(const std::vector<SeedOutcome>& outcomes) {
  Seeds seeds;
  for (const SeedOutcome outcome : outcomes) {
    seeds.trials += outcome != SeedOutcome::outside;
    seeds.successes += outcome == SeedOutcome::success;
    seeds.unjudged += outcome == SeedOutcome::unjudged;
  }
  return seeds;
}

StatisticalTest share_test(const std::string& claim, const std::string& what,
                           const ShareClaim& share, std::size_t trials) {
  const SharePower power = share_power(trials, share.wanted, share.level);
  StatisticalTest test{claim, what, trials, 2 * share.level, "", 0.99};
  const bool holds = power.least_successes <= trials;
  if (holds)
    test.alternative = fmt::format("a share of {:.6f} or more holds", power.holds_from + 5e-7);
  if (power.refutes)
    test.alternative += fmt::format("{}one of {:.3f} or less is refuted", holds ? "; " : "",
                                    std::max(0.0, power.refuted_until - 5e-4));
  if (test.alternative.empty()) test.alternative = "none: too few seeds", test.power = 0;
  return test;
}

namespace {

/// The replay line of the first run that did not succeed, or of the first, and words for it.
struct Witness {
  std::string replay, words;
};

Witness witness_of(const JudgedRuns& judged) {
  Witness witness{replay_line(judged.set.batch, judged.runs.front().seed), ""};
  for (std::size_t s = 0; s < judged.runs.size(); ++s) {
    const Run& run = judged.runs[s];
    const SeedOutcome outcome = judged.outcomes[s];
    if (outcome == SeedOutcome::success || outcome == SeedOutcome::outside) continue;
    witness.replay = replay_line(judged.set.batch, run.seed);
    witness.words = fmt::format("first failing seed {}", run.seed);
    if (run.diverged_at) witness.words += fmt::format(", diverged at step {}", *run.diverged_at);
    break;
  }
  return witness;
}

}  // namespace

void conclude_shares(const ShareClaim& share, const std::vector<JudgedRuns>& batches,
                     const PremisesOf& premises, ClaimRow& row) {
  std::vector<Verdict> verdicts;
  for (const JudgedRuns& judged : batches) {
    const std::string name = name_of(judged.set.batch);
    const Premises found = premises(judged.set);
    count_premises(found, row);
    if (!inside(found)) {
      verdicts.push_back(Verdict::undecided("outside the premises: " + failing(found)));
      row.results.push_back(
          {name, verdicts.back(), replay_line(judged.set.batch, judged.runs.front().seed)});
      continue;
    }
    const Witness witness = witness_of(judged);
    const Seeds seeds = count_seeds(judged.outcomes);
    verdicts.push_back(probability_verdict(share, seeds, witness.words));
    row.results.push_back({name, verdicts.back(), witness.replay});
    if (seeds.trials > 0)
      row.tests.push_back(share_test(row.text.id, "share of seeds: " + name, share, seeds.trials));
    row.seeds = std::max(row.seeds, seeds.trials);
    ++row.instances;
  }
  row.verdict = worst(verdicts);
}

Refused refuse_share(const ShareClaim& share, const RefusedShare& claim, const JudgedRuns& judged) {
  const Seeds seeds = count_seeds(judged.outcomes);
  const Verdict verdict =
      probability_verdict(share, seeds, replay_line(judged.set.batch, judged.runs.front().seed));
  const auto diverged = std::count_if(judged.runs.begin(), judged.runs.end(),
                                      [](const Run& run) { return run.diverged_at.has_value(); });
  const SharePower power = share_power(seeds.trials, share.wanted, share.level);
  Refused refused;
  refused.tests = {
      {claim.id, "false claim: " + claim.name, seeds.trials, 2 * share.level,
       fmt::format("a share of {:g} or less is refuted", claim.alternative),
       1 - binomial_at_least(power.most_successes + 1, seeds.trials, claim.alternative)}};
  refused.rejection = {Rejection::Kind::false_claim,
                       claim.name,
                       {},
                       fmt::format("{} of {} seeds succeeded, {} diverged; {}", seeds.successes,
                                   seeds.trials, diverged, name_of(judged.set.batch))};
  if (verdict.kind() == VerdictKind::refuted) refused.rejection.caught_by = {claim.id};
  return refused;
}

}  // namespace alignproof::inline claims
