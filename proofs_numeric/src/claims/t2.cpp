// SPDX-License-Identifier: Apache-2.0
// T2: without regularisation beta does not align with b.
#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "common.hpp"

namespace alignproof {

namespace {

/// The control: a penalty that is kept, for a fixed slow time eta T / sqrt p. It must violate the
/// claim.
std::vector<Batch> kept_penalty(const Settings& settings) {
  const Profile& profile = settings.profile;
  std::vector<Batch> batches;
  for (std::size_t p : profile.control_widths) {
    Batch batch = across_widths(settings).front();
    batch.name = fmt::format("width {}, penalty kept", p);
    batch.network.p = p;
    batch.network.penalty = {profile.lambda, Penalty::never};
    batch.network.steps = static_cast<std::size_t>(std::sqrt(static_cast<double>(p)) / profile.eta);
    batch.seeds = profile.control_seeds;
    batch.first_seed = 100000 + 10000 * batches.size();
    batches.push_back(batch);
  }
  return batches;
}

double sup_cos(const RunRecord& r) {
  return r.sup_cos;
}
double D(const RunRecord& r) {
  return r.D;
}

bool no_alignment(const Profile& profile, const Batch& batch, const RunRecord& run) {
  return !run.diverged_at &&
         run.sup_cos <= profile.kappa / std::sqrt(static_cast<double>(batch.network.p));
}

/// The declared level: a share 1 - delta of seeds stays below kappa / sqrt p.
void conclude_level(const Study& study, ClaimRow& row) {
  const Profile& profile = study.profile();
  conclude_probability(
      study, overparameterised(study.settings()), t1_premises,
      [&](const BatchResult& b, const RunRecord& r) {
        return success_if(no_alignment(profile, b.batch, r));
      },
      row);
}

void conclude_t2(const Study& study, ClaimRow& row) {
  const Profile& profile = study.profile();
  const std::vector<Batch> batches = across_widths(study.settings()),
                           controls = kept_penalty(study.settings());
  conclude_level(study, row);
  PremiseCount decay{"the decay of T1 held at every judged step", 0, 0};
  for (const Batch& batch : batches) {
    const BatchResult& result = study.result(batch.name);
    const double root = std::sqrt(static_cast<double>(batch.network.p));
    decay.of += result.records.size();
    decay.held += count(result, [](const RunRecord& r) { return !r.diverged_at && !r.violation; });
    row.measurements.push_back(
        {fmt::format("$\\sqrt{{p}} \\sup_t |\\cos|$ at $p = {}$", batch.network.p),
         root * quantile_of(values(result, sup_cos), 0.9), std::nullopt,
         "0.9 quantile over seeds"});
    row.measurements.push_back({fmt::format("$\\sup_t D$ at $p = {}$", batch.network.p),
                                quantile_of(values(result, D), 0.9), std::nullopt,
                                "0.9 quantile over seeds"});
  }
  const std::string outside = count_premises(study, batches, t1_premises, row);
  row.premises.push_back(decay);
  row.instances += batches.size();

  const auto cosine = exponent_over(study, batches, Variable::width, &RunRecord::sup_cos),
             moved = exponent_over(study, batches, Variable::width, &RunRecord::D),
             control_cosine = exponent_over(study, controls, Variable::width, &RunRecord::sup_cos),
             control_moved = exponent_over(study, controls, Variable::width, &RunRecord::D);
  if (!cosine || !moved || !control_cosine || !control_moved) {
    row.verdict = worst({row.verdict, Verdict::undecided("a run diverged: no exponent")});
    return;
  }
  row.measurements.push_back(measured_exponent(
      "exponent of $\\sup_t |\\cos|$ in $p$", *cosine,
      "$-1/2$ as $p \\to \\infty$; below it here, since a drift of order $1/p$ adds to the cosine "
      "of narrow networks"));
  row.measurements.push_back(
      measured_exponent("exponent of $\\sup_t D$ in $p$", *moved, "0: bounded"));
  row.measurements.push_back(measured_exponent("exponent of $\\sup_t |\\cos|$, penalty kept",
                                               *control_cosine,
                                               "control: must differ from $-1/2$"));
  row.measurements.push_back(measured_exponent("exponent of $\\sup_t D$, penalty kept",
                                               *control_moved, "control: $1/2$ expected"));

  const std::vector<Batch> samples = across_samples(study.settings());
  const auto in_n = [&](const char* name, double RunRecord::*quantity, const char* note) {
    if (const auto law = exponent_over(study, samples, Variable::samples, quantity))
      row.measurements.push_back(measured_exponent(name, *law, note));
  };
  in_n("exponent of $\\sup_t D$ in $n$", &RunRecord::D,
       "the bound $c_2 n/\\gamma$ allows 1 and that of $1/\\gamma$");
  in_n("exponent of $\\sup_t |\\cos|$ in $n$", &RunRecord::sup_cos, "measured, not tested");

  const double margin = profile.growth_margin;
  row.tests.push_back(exponent_test(row.text.id, "exponent of $\\sup_t |\\cos|$ in $p$", *cosine,
                                    -0.5 + margin, -0.5, 0));
  row.tests.push_back(
      exponent_test(row.text.id, "exponent of $\\sup_t D$ in $p$", *moved, margin, 0, 0.5));
  row.bound = -0.5 + margin;
  row.bound_label = "largest exponent of $\\sup_t |\\cos|$ in $p$: $-1/2$ and the margin";
  row.measured = cosine->upper;
  row.measured_label = "upper limit of the exponent";
  row.ratio_label = growth_ratio_label;
  row.ratio = growth_ratio(batches, cosine->upper, *row.bound);
  const std::string words = fmt::format(
      "|cos| ~ p^{:.3f} [{:.3f}, {:.3f}], D ~ p^{:.3f} [{:.3f}, {:.3f}] at level {}; |cos| <= {}/"
      "sqrt p: {}",
      cosine->exponent, cosine->lower, cosine->upper, moved->exponent, moved->lower, moved->upper,
      profile.level, profile.kappa, row.verdict.text());
  const VerdictKind kinds[] = {below(*cosine, -0.5 + margin), below(*moved, margin),
                               row.verdict.kind()};
  const auto seen = [&](VerdictKind kind) {
    return std::find(std::begin(kinds), std::end(kinds), kind) != std::end(kinds);
  };
  if (!outside.empty())
    row.verdict = Verdict::undecided(fmt::format("outside the premises: {}; {}", outside, words));
  else if (decay.held < decay.of)
    row.verdict = Verdict::undecided(
        fmt::format("the premise held on {} of {} runs only; {}", decay.held, decay.of, words));
  else if (seen(VerdictKind::refuted))
    row.verdict = Verdict::refuted(
        words + "; " +
        replay_line(batches.back(), seed_of(study.settings(), batches.back().first_seed)));
  else if (seen(VerdictKind::undecided))
    row.verdict = Verdict::undecided(words);
  else
    row.verdict = Verdict::holds(words);
  // A test that the control passes too has no power: it must see alignment where there is some.
  if (row.verdict.kind() == VerdictKind::holds &&
      !(control_cosine->lower > -0.5 + margin && control_moved->lower > margin))
    row.verdict =
        Verdict::undecided("the control with a kept penalty was not told apart; " + words);
  add_certified(study, row);
}

}  // namespace

std::vector<OldClaim> t2_claims() {
  return {
      {{"T2",
        "No alignment without regularisation",
        "Under T1, with $D = |\\beta(t) - \\beta(0)|$: $|\\cos(b, \\beta(t))| \\le (|\\langle "
        "b, \\beta(0)\\rangle|/|b| + D)/(|\\beta(0)| - D)$, "
        "so that the cosine is of order $1/\\sqrt{p}$ for all $t$.",
        std::string(paper) + ", alignment theorem without regularisation",
        {premise::smooth, premise::bounded_data, premise::positive, premise::initial,
         premise::no_penalty, premise::step, "$p$ large enough"},
        "$\\sup_t D$ and $\\sqrt{p}\\sup_t |\\cos|$ do not grow with $p$: the upper limits of "
        "their exponents are below the margin 1/4; $|\\cos| \\le \\kappa/\\sqrt{p}$ at the "
        "declared level $\\kappa$",
        "The bound of $D$ is open; its size and its exponent in $p$ are measured.",
        "The inequality itself is geometry and cannot fail. Tested is its content: power laws "
        "of $\\sup_t |\\cos|$ and $\\sup_t D$ in $p$, "
        "one slope a tuple of runs, exact interval of the median slope, against a margin of half "
        "the alternative's exponent; and the share of seeds below the declared level. "
        "Runs with a kept penalty are the control and must violate both.",
        "An exponent of $\\sup_t|\\cos|$ significantly above $-1/2$ plus the margin, or of "
        "$\\sup_t D$ above the margin."},
       [](Study& study) {
         plan_batches(study, overparameterised(study.settings()));
         plan_batches(study, across_widths(study.settings()));
         plan_batches(study, across_samples(study.settings()));
         plan_batches(study, kept_penalty(study.settings()));
         plan_certificates(study);
       },
       conclude_t2}};
}

}  // namespace alignproof
