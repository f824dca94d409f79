// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/least_width.hpp>

#include <alignproof/claims/probes/decay.hpp>
#include <alignproof/claims/study.hpp>

namespace alignproof::inline claims {

void WidthBracket::widen(double p, VerdictKind kind) {
  if (kind == VerdictKind::refuted) refuted = p;
  if (kind != VerdictKind::holds)
    holds = INFINITY;  // whatever held below, it does not hold from there on
  else if (!std::isfinite(holds))
    holds = p;
}

MeasuredWidth measure_width(const Data& data, const NetworkSpec& network, Rule rule,
                            const ShareClaim& share, const std::vector<std::size_t>& widths,
                            std::size_t seeds, std::size_t jobs, Progress& progress) {
  Settings settings;
  settings.seed = network.seed, settings.jobs = jobs;
  Study study(settings, progress);
  std::vector<Handle<Runs<Seen<DecayProbe>>>> runs;
  for (const std::size_t p : widths) {
    Batch batch;
    batch.name = "least width";
    batch.data = data;
    batch.network = network;
    batch.network.p = p;
    batch.rule = rule;
    batch.seeds = seeds;
    batch.first_seed = runs.size() * seeds;  // fresh seeds everywhere
    runs.push_back(study.want<DecayProbe>(batch));
  }
  study.run();
  MeasuredWidth found;
  for (const auto& each : runs) {
    const Seeds counted = count_seeds(
        judged(*each, [](const auto& record) { return decay_outcome(record); }).outcomes);
    const std::size_t p = each->batch.network.p;
    const VerdictKind kind = probability_verdict(share, counted, "").kind();
    found.bracket.widen(static_cast<double>(p), kind);
    found.grid.push_back(
        {p, counted, clopper_pearson(counted.successes, counted.trials, share.level), kind});
  }
  return found;
}

std::size_t least_seeds(const ShareClaim& share) {
  return static_cast<std::size_t>(std::ceil(std::log(share.level) / std::log(share.wanted)));
}

}  // namespace alignproof::inline claims
