// SPDX-License-Identifier: Apache-2.0
// T1w: the least width p* from which T1 holds, against the widths that the paper asks for.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "common.hpp"

namespace alignproof {

namespace {

/// One batch a width, for n samples in 10 n dimensions.
std::vector<Batch> width_grid(const Settings& settings, std::size_t n) {
  const Profile& profile = settings.profile;
  std::vector<Batch> batches;
  for (std::size_t p : profile.star_widths) {
    Batch batch;
    batch.name = fmt::format("least width, n = {}, p = {}", n, p);
    batch.data = make_data(
        {Inputs::sphere, Targets::linear, n, 10 * n, settings.seed, Activation::tanh});
    batch.network = {p, Activation::tanh, profile.eta, {}, profile.star_steps, 0};
    batch.seeds = profile.star_seeds;
    batch.first_seed = 400000 + 20000 * n + 1000 * batches.size();  // fresh seeds everywhere
    batch.detail = Detail::alignment;
    batches.push_back(batch);
  }
  return batches;
}

/// The widths of the paper with C1 = C2 = 1.
double first_condition(double n, double gamma, double delta) {
  return n * n / (delta * gamma * gamma);
}
double second_condition(double n, double gamma, double p) {
  return std::pow(n, 4) * std::log(p) / std::pow(gamma, 4);
}

/// The least p with p >= both conditions: p / log p increases beyond e.
double paper_width(double n, double gamma, double delta) {
  double p = std::max(first_condition(n, gamma, delta), 3.0);
  for (int k = 0; k < 200; ++k)
    p = std::max(first_condition(n, gamma, delta), second_condition(n, gamma, p));
  return p;
}

/// What the grid says about p*: it lies above `refuted` (0: nothing refuted) and at or below
/// `holds` (infinity: nothing shown), if T1 does not fail again at larger widths.
struct Bracket {
  double refuted = 0, holds = INFINITY;
  std::string replay;  ///< of the largest refuted width, or of the smallest width
};

Bracket bracket(const Study& study, std::size_t n, ClaimRow& row) {
  const Profile& profile = study.profile();
  const ShareClaim share{1 - profile.star_delta, profile.star_level};
  Bracket result;
  for (const Batch& batch : width_grid(study.settings(), n)) {
    const BatchResult& runs = study.result(batch.name);
    const std::size_t successes = count(runs, decayed);
    const Verdict verdict = probability_verdict(share, successes, runs.records.size(), "");
    const auto p = static_cast<double>(batch.network.p);
    if (verdict.kind() == VerdictKind::refuted || result.replay.empty())
      result.replay = replay_line(batch, runs.records.front().seed);
    if (verdict.kind() == VerdictKind::refuted) result.refuted = p;
    if (verdict.kind() != VerdictKind::holds)
      result.holds = INFINITY;  // whatever held below, it does not hold from there on
    else if (!std::isfinite(result.holds))
      result.holds = p;
    const Interval limits = clopper_pearson(successes, runs.records.size(), profile.star_level);
    row.measurements.push_back(
        {fmt::format("share of seeds that decay, $n = {}$, $p = {}$", n, batch.network.p),
         static_cast<double>(successes) / static_cast<double>(runs.records.size()),
         std::pair(limits.lower, limits.upper), std::string(to_string(verdict.kind()))});
    StatisticalTest test = share_test(
        row.text.id, fmt::format("share of seeds: n={}, p={}", n, batch.network.p), share,
        runs.records.size());
    row.tests.push_back(test);
  }
  return result;
}

void conclude_least_width(const Study& study, ClaimRow& row) {
  const Profile& profile = study.profile();
  std::vector<Verdict> verdicts;
  row.seeds = profile.star_seeds;
  row.bound_label = "$\\max(n^2/(\\delta\\gamma^2), n^4 \\log p/\\gamma^4)$, $C_1 = C_2 = 1$";
  row.measured_label = "upper end of the bracket of $p^*$";
  PremiseCount positive{"$\\gamma > 0$ (limit kernel, not enclosed)", 0, 0};
  for (std::size_t samples : profile.star_samples) {
    const BatchResult& any = study.result(width_grid(study.settings(), samples).front().name);
    const auto n = static_cast<double>(samples);
    const double gamma = any.gamma, paper_p = paper_width(n, gamma, profile.star_delta);
    ++positive.of, positive.held += any.gamma_positive();
    const Bracket star = bracket(study, samples, row);
    const std::string words = fmt::format("p* in ({:g}, {:g}], the paper's width with C1 = C2 = 1 "
                                          "is {:.3g}",
                                          star.refuted, star.holds, paper_p);
    verdicts.push_back(star.holds <= paper_p    ? Verdict::holds(words)
                       : star.refuted > paper_p ? Verdict::refuted(words + "; " + star.replay)
                                                : Verdict::undecided(words));
    row.results.push_back({any.batch.data.name, verdicts.back(), star.replay});
    row.measurements.push_back({fmt::format("$p^*$ at $n = {}$", samples),
                                std::isfinite(star.holds) ? star.holds : star.refuted,
                                std::pair(star.refuted, star.holds),
                                "the interval is open at its lower end"});
    if (std::isfinite(star.holds)) {
      const double p = star.holds;
      row.measurements.push_back(
          {fmt::format("$C_1 = p^* \\delta\\gamma^2/n^2$ that would do at $n = {}$", samples),
           p / first_condition(n, gamma, profile.star_delta),
           std::pair(star.refuted / first_condition(n, gamma, profile.star_delta),
                     p / first_condition(n, gamma, profile.star_delta)),
           "at the ends of the bracket"});
      row.measurements.push_back(
          {fmt::format("$C_2 = p^* \\gamma^4/(n^4 \\log p^*)$ that would do at $n = {}$", samples),
           p / second_condition(n, gamma, p),
           std::pair(star.refuted > 1 ? star.refuted / second_condition(n, gamma, star.refuted) : 0,
                     p / second_condition(n, gamma, p)),
           "at the ends of the bracket"});
    }
    if (!row.ratio || star.holds / paper_p > *row.ratio)
      row.bound = paper_p, row.measured = star.holds, row.ratio = star.holds / paper_p;
  }
  row.premises = {positive};
  row.instances = verdicts.size();
  row.verdict = worst(verdicts);
  if (row.ratio && !std::isfinite(*row.ratio)) row.measured.reset(), row.ratio.reset();
}

}  // namespace

std::vector<Claim> least_width_claims() {
  return {{{"T1w",
            "The least width at which T1 holds",
            "From $p^* \\le \\max(n^2/(\\delta\\gamma^2), n^4 \\log p/\\gamma^4)$ on, the error "
            "decays as in T1 with probability at least $1 - \\delta$: $C_1 = C_2 = 1$ suffice.",
            "ours: the paper's widths with constants put in",
            {"$\\gamma > 0$ (limit kernel, not enclosed)"},
            "$p^*$ lies at or below that width, for every number of samples looked at",
            "$C_1$, $C_2$: the row prints those that would do.",
            "A grid of widths for each number of samples, fresh seeds at each; Clopper-Pearson "
            "limits that hold together for the whole grid. $p^*$ lies above the largest width that "
            "is refuted and at or below the least from which every width holds, up to the largest "
            "of the grid.",
            "A width above the paper's at which significantly more than a share $\\delta$ of seeds "
            "fail."},
           [](Study& study) {
             for (std::size_t n : study.profile().star_samples)
               plan_batches(study, width_grid(study.settings(), n));
           },
           conclude_least_width}};
}

}  // namespace alignproof
