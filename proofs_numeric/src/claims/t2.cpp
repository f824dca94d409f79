// SPDX-License-Identifier: Apache-2.0
// T2: without regularisation beta does not align with b.
#include <cmath>

#include <fmt/format.h>

#include "common.hpp"

namespace alignproof {

namespace {

/// The control: a penalty that is kept, for a fixed slow time eta T / sqrt p. It must violate the
/// claim.
std::vector<Batch> kept_penalty(const Settings& settings) {
  const Profile& profile = settings.profile;
  std::vector<Batch> batches = across_widths(settings);
  for (Batch& batch : batches) {
    batch.name += ", penalty kept";
    batch.network.penalty = {profile.lambda, Penalty::never};
    batch.network.steps =
        static_cast<std::size_t>(std::sqrt(static_cast<double>(batch.network.p)) / profile.eta);
    batch.seeds = profile.control_seeds;
  }
  return batches;
}

double D(const RunRecord& r) {
  return r.D;
}

void conclude_t2(const Study& study, ClaimRow& row) {
  const Profile& profile = study.profile();
  const std::vector<Batch> batches = across_widths(study.settings());
  row.instances = batches.size();
  row.seeds = profile.width_seeds;
  PremiseCount decay{"the decay of T1 held at every judged step", 0, 0};
  const auto scaled_cos = [](const Batch& batch) {
    return [root = std::sqrt(static_cast<double>(batch.network.p))](const RunRecord& r) {
      return root * r.sup_cos;
    };
  };
  for (const Batch& batch : batches) {
    const BatchResult& result = study.result(batch.name);
    decay.of += result.records.size();
    decay.held += count(result, [](const RunRecord& r) { return !r.diverged_at && !r.violation; });
    row.measurements.push_back(
        {fmt::format("$\\sqrt{{p}} \\sup_t |\\cos|$ at $p = {}$", batch.network.p),
         quantile(values(result, scaled_cos(batch)), 0.9), std::nullopt,
         "0.9 quantile over seeds"});
    row.measurements.push_back({fmt::format("$\\sup_t D$ at $p = {}$", batch.network.p),
                                quantile(values(result, D), 0.9), std::nullopt,
                                "0.9 quantile over seeds"});
  }
  row.premises = {decay};

  const auto cosine_exponent = [&](const std::vector<Batch>& over) {
    return exponent_in_p(study, over, [](const RunRecord& r) { return r.sup_cos; });
  };
  const PowerLaw cosine = cosine_exponent(batches), moved = exponent_in_p(study, batches, D);
  const PowerLaw control_cosine = cosine_exponent(kept_penalty(study.settings()));
  const PowerLaw control_moved = exponent_in_p(study, kept_penalty(study.settings()), D);
  const auto add = [&](const char* name, const PowerLaw& law, const char* note) {
    row.measurements.push_back({name, law.exponent, std::pair(law.lower, law.upper), note});
  };
  add("exponent of $\\sup_t |\\cos|$ in $p$", cosine,
      "$-1/2$ as $p \\to \\infty$; below it here, since a drift of order $1/p$ adds to the cosine "
      "of narrow networks");
  add("exponent of $\\sup_t D$ in $p$", moved, "0: bounded");
  add("exponent of $\\sup_t |\\cos|$, penalty kept", control_cosine,
      "control: must differ from $-1/2$");
  add("exponent of $\\sup_t D$, penalty kept", control_moved, "control: $1/2$ expected");

  const double margin = profile.growth_margin;
  row.bound = -0.5 + margin;
  row.bound_label = "largest exponent of $\\sup_t |\\cos|$ in $p$: $-1/2$ and the margin";
  row.measured = cosine.upper;
  row.measured_label = "upper limit of the fitted exponent";
  row.ratio_label = growth_ratio_label;
  row.ratio = growth_ratio(batches, cosine.upper, *row.bound);
  const std::string words =
      fmt::format("|cos| ~ p^{:.3f} [{:.3f}, {:.3f}], D ~ p^{:.3f} [{:.3f}, {:.3f}] at level {}",
                  cosine.exponent, cosine.lower, cosine.upper, moved.exponent, moved.lower,
                  moved.upper, profile.exponent_level);
  if (decay.held < decay.of)
    row.verdict = Verdict::undecided(
        fmt::format("the premise held on {} of {} runs only; {}", decay.held, decay.of, words));
  else if (cosine.upper < -0.5 + margin && moved.upper < margin)
    row.verdict = Verdict::holds(words);
  else if (cosine.lower > -0.5 + margin || moved.lower > margin)
    row.verdict = Verdict::refuted(
        words + "; " +
        replay_line(batches.back(), seed_of(study.settings(), batches.back().first_seed)));
  else
    row.verdict = Verdict::undecided(words);
  // A test that the control passes too has no power: it must see alignment where there is some.
  if (row.verdict.kind() == VerdictKind::holds &&
      !(control_cosine.lower > -0.5 + margin && control_moved.lower > margin))
    row.verdict =
        Verdict::undecided("the control with a kept penalty was not told apart; " + words);
}

}  // namespace

std::vector<Claim> t2_claims() {
  return {{{"T2",
            "No alignment without regularisation",
            "Under T1, with $D = |\\beta(t) - \\beta(0)|$: $|\\cos(b, \\beta(t))| \\le (|\\langle "
            "b, \\beta(0)\\rangle|/|b| + D)/(|\\beta(0)| - D)$, "
            "so that the cosine is of order $1/\\sqrt{p}$ for all $t$.",
            std::string(paper) + ", alignment theorem without regularisation",
            {"premises of T1", "$\\lambda = 0$"},
            "$\\sup_t D$ and $\\sqrt{p}\\sup_t |\\cos|$ do not grow with $p$: the upper limits of "
            "their exponents are below the margin 1/4",
            "The bound of $D$ is open; its size and its exponent in $p$ are measured.",
            "The inequality itself is geometry and cannot fail. Tested is its content: power laws "
            "of $\\sup_t |\\cos|$ and $\\sup_t D$ in $p$, "
            "one point a run; Student's interval (normal approximation) against a margin of half "
            "the alternative's exponent. "
            "Runs with a kept penalty are the control and must violate both.",
            "An exponent of $\\sup_t|\\cos|$ significantly above $-1/2$ plus the margin, or of "
            "$\\sup_t D$ above the margin."},
           [](Study& study) {
             for (const Batch& batch : across_widths(study.settings())) study.want(batch);
             for (const Batch& batch : kept_penalty(study.settings())) study.want(batch);
           },
           conclude_t2}};
}

}  // namespace alignproof
