// SPDX-License-Identifier: Apache-2.0
// T1w: the least width p* from which T1 holds, against the widths that the paper asks for.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/kernels/limit_kernel.hpp>

#include "common.hpp"

namespace alignproof {

namespace {

/// Samples on the sphere in 10 n dimensions.
Data star_data(const Settings& settings, std::size_t n) {
  return make_data({Inputs::sphere, Targets::linear, n, 10 * n, settings.seed, Activation::tanh});
}

/// The widths of the paper with C1 = 1 and with C2 = 1.
double first_width(double n, double gamma, double delta) {
  return n * n / (delta * gamma * gamma);
}
double second_width(double n, double gamma, double p) {
  return std::pow(n, 4) * std::log(p) / std::pow(gamma, 4);
}

/// The width that the claim is about: the first of the two, with C1 = 1.
std::size_t claimed_width(const Settings& settings, std::size_t n) {
  const double gamma = limit_kernel(Activation::tanh, star_data(settings, n).X).gamma;
  return static_cast<std::size_t>(
      std::ceil(first_width(static_cast<double>(n), gamma, settings.profile.star_delta)));
}

/// One batch a width: the grid of the profile up to the claimed width, and that width.
std::vector<Batch> width_grid(const Settings& settings, std::size_t n) {
  const Profile& profile = settings.profile;
  std::vector<std::size_t> widths;
  const std::size_t claimed = claimed_width(settings, n);
  for (std::size_t p : profile.star_widths)
    if (p < claimed) widths.push_back(p);
  widths.push_back(claimed);
  std::vector<Batch> batches;
  for (std::size_t p : widths) {
    Batch batch;
    batch.name = fmt::format("least width, n = {}, p = {}", n, p);
    batch.data = star_data(settings, n);
    batch.network = {p, Activation::tanh, profile.eta, {}, profile.star_steps, 0};
    batch.seeds = profile.star_seeds;
    batch.first_seed = 300000 + 20000 * n + 1000 * batches.size();  // fresh seeds everywhere
    batch.detail = Detail::alignment;
    batches.push_back(batch);
  }
  return batches;
}

/// What the grid says about p*: it lies above `refuted` (0: nothing refuted) and at or below
/// `holds` (infinity: nothing shown), if T1 does not fail again at larger widths.
struct Bracket {
  double refuted = 0, holds = INFINITY;
  Verdict at_claimed = Verdict::undecided("not run");
  std::string replay;  ///< at the claimed width
};

Bracket bracket(const Study& study, std::size_t n, ClaimRow& row) {
  const Profile& profile = study.profile();
  const ShareClaim share{1 - profile.star_delta, profile.star_level};
  Bracket result;
  for (const Batch& batch : width_grid(study.settings(), n)) {
    const BatchResult& runs = study.result(batch.name);
    const Seeds seeds =
        count_seeds(runs, [](const BatchResult&, const RunRecord& r) { return decay_outcome(r); });
    result.replay = replay_line(batch, runs.records.front().seed);
    for (const RunRecord& r : runs.records)
      if (decay_outcome(r) == SeedOutcome::failure) {
        result.replay = replay_line(batch, r.seed);
        break;
      }
    result.at_claimed = probability_verdict(share, seeds, result.replay);
    const VerdictKind kind = result.at_claimed.kind();
    const auto p = static_cast<double>(batch.network.p);
    if (kind == VerdictKind::refuted) result.refuted = p;
    if (kind != VerdictKind::holds)
      result.holds = INFINITY;  // whatever held below, it does not hold from there on
    else if (!std::isfinite(result.holds))
      result.holds = p;
    const Interval limits = clopper_pearson(seeds.successes, seeds.trials, profile.star_level);
    row.measurements.push_back(
        {fmt::format("share of seeds that decay, $n = {}$, $p = {}$", n, batch.network.p),
         static_cast<double>(seeds.successes) / static_cast<double>(seeds.trials),
         std::pair(limits.lower, limits.upper), std::string(to_string(kind))});
    row.tests.push_back(share_test(row.text.id,
                                   fmt::format("share of seeds: n={}, p={}", n, batch.network.p),
                                   share, seeds.trials));
  }
  return result;
}

void conclude_least_width(const Study& study, ClaimRow& row) {
  const Profile& profile = study.profile();
  std::vector<Verdict> verdicts;
  row.seeds = profile.star_seeds;
  row.measured_label = "upper end of the bracket of $p^*$ there";
  for (std::size_t samples : profile.star_samples) {
    const std::vector<Batch> grid = width_grid(study.settings(), samples);
    const BatchResult& claimed = study.result(grid.back().name);
    const auto n = static_cast<double>(samples), p = static_cast<double>(claimed.batch.network.p);
    const double gamma = claimed.gamma(), first = first_width(n, gamma, profile.star_delta);
    const Premises premises = t1_premises(claimed);
    count_premises(premises, row);
    Bracket star = bracket(study, samples, row);
    if (inside(premises))
      ++row.instances;
    else
      star.at_claimed = Verdict::undecided("outside the premises: " + failing(premises));
    verdicts.push_back(star.at_claimed);
    row.results.push_back({name_of(claimed.batch), star.at_claimed, star.replay});
    row.measurements.push_back(
        {fmt::format("$p^*$ at $n = {}$", samples), std::isfinite(star.holds) ? star.holds : p,
         std::pair(star.refuted, star.holds), "bracket, open at its lower end"});
    if (!std::isfinite(star.holds)) continue;
    row.measurements.push_back(
        {fmt::format("$C_1 = p^* \\delta\\gamma^2/n^2$ that would do at $n = {}$", samples),
         star.holds / first, std::pair(star.refuted / first, star.holds / first),
         "at the ends of the bracket"});
    row.measurements.push_back(
        {fmt::format("$C_2 = p^* \\gamma^4/(n^4 \\log p^*)$ that would do at $n = {}$", samples),
         star.holds / second_width(n, gamma, star.holds),
         std::pair(star.refuted > 1 ? star.refuted / second_width(n, gamma, star.refuted) : 0,
                   star.holds / second_width(n, gamma, star.holds)),
         "at the ends of the bracket"});
    if (!row.ratio || star.holds / first > *row.ratio)
      row.bound = first, row.measured = star.holds, row.ratio = star.holds / first;
  }
  row.bound_label = "$n^2/(\\delta\\gamma^2)$ where the bracket comes closest";
  row.verdict = worst(verdicts);
}

}  // namespace

std::vector<OldClaim> least_width_claims() {
  return {
      {{"T1w",
        "The width at which T1 holds",
        "At $p = n^2/(\\delta\\gamma^2)$, the first of the paper's two widths with $C_1 = 1$, "
        "the error decays as in T1 with probability at least $1 - \\delta$, for the few numbers "
        "of samples and up to the step that were run; there the second width, $n^4 \\log "
        "p/\\gamma^4$, is not needed. Nothing is said of other $n$ or of all $t$.",
        "ours: measured against the width that the paper asks for",
        {premise::smooth, premise::bounded_data, premise::positive, premise::initial,
         premise::no_penalty, premise::step},
        "a share $1 - \\delta$ of seeds decays at that width, for every number of samples of the "
        "profile",
        "$C_1$, $C_2$: the row prints those that would do, from a bracket of the least width "
        "$p^*$.",
        "Samples on the unit sphere, tanh; $n$ and the steps are those of the profile (quick: $n "
        "= 2, 3, 5$ and 60 steps) and stand in the report's settings. A grid of widths up to the "
        "claimed one for each number of samples, fresh seeds at each; Clopper-Pearson limits that "
        "hold together for the whole grid. $p^*$ lies above "
        "the largest width that is refuted and at or below the least from which every width of "
        "the grid holds.",
        "Significantly more than a share $\\delta$ of seeds that fail at that width."},
       [](Study& study) {
         for (std::size_t n : study.profile().star_samples)
           plan_batches(study, width_grid(study.settings(), n));
       },
       conclude_least_width}};
}

}  // namespace alignproof
