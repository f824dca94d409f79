// SPDX-License-Identifier: Apache-2.0
// T3K: T3 for every K, which follows from the alignment law.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/shares.hpp>
#include <alignproof/claims/summary.hpp>

#include "claims/laws/law_runs.hpp"
#include "claims/laws/sizes.hpp"
#include "claims/t3k/levels.hpp"

namespace alignproof::inline claims {

namespace {

constexpr double run_level = 1e-9;  ///< of the limits of the share of runs above the level

/// The level is proved of every law: one below it refutes.
void conclude_samples(const std::vector<LevelSample>& samples, ClaimRow& row) {
  // The law is solved to 1e-13 a step, and far in the tail its cosine to fewer digits.
  constexpr double solver = 1e-9;
  std::size_t kept = 0, kept_uniform = 0;
  double tightest = INFINITY;
  const LevelSample* closest = nullptr;
  for (const LevelSample& sample : samples) {
    kept += sample.cosine >= sample.level * (1 - solver) ? 1 : 0;
    kept_uniform += sample.cosine >= sample.uniform * (1 - solver) ? 1 : 0;
    if (sample.spread > 1.5 && sample.cosine / sample.level < tightest)
      tightest = sample.cosine / sample.level, closest = &sample;
  }
  const std::size_t cases = samples.size();
  const std::string words =
      fmt::format("{} of {} laws above the level, {} of {} above the uniform one", kept, cases,
                  kept_uniform, cases);
  row.verdict =
      kept == cases && kept_uniform == cases ? Verdict::sampled(words) : Verdict::refuted(words);
  row.results.push_back({"random K, y, lambda, T", row.verdict, ""});
  row.instances += cases;
  if (closest)
    row.measurements.push_back({"tightest law with $c_2/c_1 > 1.5$: cosine / level", tightest,
                                std::nullopt, fmt::format("$c_2/c_1 = {:.3g}$", closest->spread)});
}

/// The level is the law's. A run of finite width may fall below it by chance: one that does decides
/// nothing, and only significantly many refute.
void conclude_runs(const ShareClaim& share, const LawRecord& record, ClaimRow& row) {
  const LawCase& c = record.law_case;
  const double level = guaranteed_cosine(
      conditioning(gram(c.data), vector_from<double>(c.data.y), c.lambda), c.lambda, c.tau);
  const std::vector<double>& cosines = record.after.back();
  const auto above = static_cast<std::size_t>(
      std::count_if(cosines.begin(), cosines.end(), [&](double cos) { return cos >= level; }));
  const double least = smallest(cosines);
  const std::string words =
      fmt::format("{} of {} runs above the guaranteed {:.6f}, least {:.6f}, p={:.0e}", above,
                  cosines.size(), level, least, record.widths.back());
  const std::string witness = words + "; " + record.replay;
  const Verdict counted = probability_verdict(share, {above, 0, cosines.size()}, witness);
  const Verdict runs = counted.kind() == VerdictKind::refuted ? counted
                       : above == cosines.size()              ? Verdict::sampled(words)
                                                              : Verdict::undecided(witness);
  row.tests.push_back(
      share_test(row.text.id, "share of runs above the guaranteed level", share, cosines.size()));
  row.results.push_back({"runs on the " + c.name, runs, record.replay});
  row.verdict = worst({row.verdict, runs});
  ++row.instances, row.seeds = cosines.size();
  row.bound = level, row.bound_label = "guaranteed level, " + c.name;
  row.measured = least, row.measured_label = "least cosine after the cut, largest width";
  row.ratio = level / least, row.ratio_label = "bound / measured, the bound being a lower one";
}

Conclusion plan(Study& study) {
  const LawSizes sizes = law_sizes(study.profile());
  const Handle<LawRecord> record = want_sphere(study);
  const Handle<std::vector<LevelSample>> samples = want_level_samples(study, sizes.cases);
  const ShareClaim share{1 - study.profile().delta, run_level};
  return [share, record, samples](ClaimRow& row) {
    conclude_samples(*samples, row);
    conclude_runs(share, *record, row);
  };
}

}  // namespace

Claim t3k_claim() {
  return {
      .text =
          {.id = "T3K",
           .title = "T3 for every K",
           .statement =
               "After a penalty $\\lambda$ that is cut at slow time $T$ the law's cosine is at "
               "least $\\alpha/\\sqrt{(1 + \\alpha^2 + b)(1 + b)} > 0$, $\\alpha^3/3 + "
               "\\bar{c}\\alpha = \\lambda\\sqrt{Y}T$, where $b$ depends on $c_2/c_1 \\le "
               "\\min(\\kappa, 1 + \\lambda/\\gamma)$ and on $\\lambda/\\gamma$, vanishes for "
               "isometric data and as $T \\to \\infty$.",
           .source = law_source,
           .premises = {"$\\gamma I \\le K \\le \\kappa\\gamma I$"},
           .conclusion = "the cosine after the cut is at least the level",
           .constants = "none: proved for the law; near-isometry matters only where $\\lambda$ is "
                        "not small against $\\gamma$",
           .method = "The level from K and y, and the uniform one from $\\gamma$, $\\kappa$, "
                     "$|y|$, against the solver at random $K$, $y$, $\\lambda$, $T$; and runs at "
                     "the largest width.",
           .falsifier =
               "A law below its level; significantly more than a share $\\delta$ of runs at the "
               "largest width below it. Fewer make the row undecided."},
      .place = 180,
      .plan = plan};
}

}  // namespace alignproof::inline claims
