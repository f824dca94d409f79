// SPDX-License-Identifier: Apache-2.0
// law11: the law with memory, FMF(p), has what finite width does to the cosine up to O(1/p).
// Derivation: reports/docs/alignment_law_nonlinear.md, section 4.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/exponents.hpp>
#include <alignproof/claims/three_way.hpp>
#include <alignproof/statistics/equivalence.hpp>

#include "claims/law11/coupled.hpp"

namespace alignproof::inline claims {

namespace {

/// Each interval errs with this probability, whichever side.
constexpr double level = 1e-10;
/// What the coefficient of p^{-1/2} may differ by from the predicted one, as a share of that.
constexpr double margin = 0.25;

/// beta_0 is forgotten at all widths.
FiniteWidthCase forgotten() {
  return {"tanh, $\\lambda = 1$, $\\tau = 1/2$", Activation::tanh, 1, 0.5, 0.5};
}
/// The same, psi not odd.
FiniteWidthCase not_odd() {
  return {"sigmoid, $\\lambda = 1$, $\\tau = 1$", Activation::sigmoid, 1, 0.5, 1};
}
/// beta_0 is half forgotten at the narrow ones.
FiniteWidthCase remembered() {
  return {"tanh, $\\lambda = 1/4$, $\\tau = 1/2$", Activation::tanh, 0.25, 0.5, 0.5};
}

/// A coefficient of p^{-1/2} and what is known of it.
struct Coefficient {
  double value = 0, lower = 0, upper = 0;
};

/// By Student's t over the tuples; nothing if a run diverged.
std::optional<Coefficient> measured(const FiniteWidthRecord& record) {
  std::vector<double> each;
  for (const Increments& tuple : record.runs) {
    each.push_back(root_coefficient(record.p, tuple));
    if (!std::isfinite(each.back())) return std::nullopt;
  }
  const MeanInterval interval = mean_interval(each, level);
  return Coefficient{interval.mean, interval.lower, interval.upper};
}

/// Mean of the predictions, and as far on both sides as they are apart.
Coefficient predicted(const FiniteWidthRecord& record, const std::vector<Increments>& all) {
  double low = INFINITY, high = -INFINITY;
  for (const Increments& increments : all) {
    const double value = root_coefficient(record.p, increments);
    low = std::min(low, value), high = std::max(high, value);
  }
  const double mean = (low + high) / 2, apart = high - low;
  return {mean, mean - apart, mean + apart};
}

/// "The coefficient is that, up to the margin": by what is certain of their difference.
VerdictKind same(const Coefficient& runs, const Coefficient& law) {
  const double low = runs.lower - law.upper, high = runs.upper - law.lower;
  const double allowed = margin * std::abs(law.value);
  return three_way(low >= -allowed && high <= allowed, low > allowed || high < -allowed);
}

/// The most that they differ by, as a share of the law's.
double farthest(const Coefficient& runs, const Coefficient& law) {
  return std::max(runs.upper - law.lower, law.upper - runs.lower) / std::abs(law.value);
}

/// Probability that runs whose coefficient is `truth` give this verdict, their mean being normal.
double power(const Coefficient& runs, const Coefficient& law, double truth, VerdictKind wanted) {
  const double half = (runs.upper - runs.lower) / 2;
  // 6.4 standard errors, up to the few degrees of freedom that hundreds of tuples lack.
  const double error = half / 6.5;
  double sum = 0;
  constexpr int cells = 2000;
  for (int cell = 0; cell < cells; ++cell) {
    const double z = -10 + 20 * (cell + 0.5) / cells, mean = truth + z * error;
    if (same({mean, mean - half, mean + half}, law) == wanted)
      sum += std::exp(-z * z / 2) / std::sqrt(2 * M_PI) * 20 / cells;
  }
  return std::min(1.0, sum);
}

/// Exponent in p of what a single tuple differs by from FMF(p), or from a law without p.
std::optional<MedianSlope> exponent(const FiniteWidthRecord& record, const Increments& law,
                                    std::size_t group) {
  std::vector<std::vector<double>> differences(record.p.size());
  for (std::size_t first = 0; first + group <= record.runs.size(); first += group)
    for (std::size_t w = 0; w < record.p.size(); ++w) {
      double square = 0;
      for (std::size_t k = first; k < first + group; ++k)
        square += std::pow(record.runs[k][w] - law[w], 2);
      differences[w].push_back(std::sqrt(square / static_cast<double>(group)));
      if (!(differences[w].back() > 0)) return std::nullopt;
    }
  return median_slope(record.p, differences, level);
}

Increments mean_of(const std::vector<Increments>& all) {
  Increments mean(all.front().size());
  for (const Increments& increments : all)
    for (std::size_t w = 0; w < mean.size(); ++w)
      mean[w] += increments[w] / static_cast<double>(all.size());
  return mean;
}

std::string words_of(const Coefficient& runs, const Coefficient& law) {
  return fmt::format("{:.4f} [{:.4f}, {:.4f}] at level {}, predicted {:.4f} [{:.4f}, {:.4f}]",
                     runs.value, runs.lower, runs.upper, level, law.value, law.lower, law.upper);
}

/// Where beta_0 is forgotten at all widths: in between there is no power of p.
void measure_exponents(const Profile& profile, const FiniteWidthRecord& record, ClaimRow& row) {
  const FiniteWidthCase& setting = record.setting;
  if (std::exp(-setting.lambda * setting.tau * std::sqrt(record.p.front())) > 0.1) return;
  const std::size_t group = finite_width_sizes(profile).group;
  const auto add = [&](const char* what, const Increments& law, const char* note) {
    if (const auto slope = exponent(record, law, group))
      row.measurements.push_back(measured_exponent(
          fmt::format("exponent in $p$: single runs $-$ {}, {}", what, setting.name), *slope,
          note));
  };
  add("FMF$(p)$", mean_of(record.predicted), "$-1$ by what is claimed");
  add("law", Increments(record.p.size(), 0.0), "$-1/2$ as $p \\to \\infty$");
}

/// p times the mean difference of runs and FMF(p), both as increments: bounded by what is claimed.
void measure_differences(const FiniteWidthRecord& record, ClaimRow& row) {
  const Increments law = mean_of(record.predicted);
  for (std::size_t w = 0; w < record.p.size(); ++w) {
    std::vector<double> scaled;
    for (const Increments& tuple : record.runs) scaled.push_back(record.p[w] * (tuple[w] - law[w]));
    const MeanInterval mean = mean_interval(scaled, level);
    row.measurements.push_back(
        {fmt::format("$p$ times what runs differ by from FMF$(p)$, $p = {:g}$, {}", record.p[w],
                     record.setting.name),
         mean.mean, std::pair(mean.lower, mean.upper), "bounded by what is claimed",
         IntervalKind::instance});
  }
}

void conclude(const Profile& profile, const std::vector<Handle<FiniteWidthRecord>>& records,
              ClaimRow& row) {
  PremiseCount stable{"$\\eta(\\lambda + \\lambda_{\\max}(G)) < 2$ on $[0, \\tau]$", 0,
                      records.size()};
  std::vector<Verdict> verdicts;
  double worst_share = 0;
  for (const Handle<FiniteWidthRecord>& each : records) {
    const FiniteWidthRecord& record = *each;
    stable.held += record.stability < 2 ? 1 : 0;
    const auto runs = measured(record);
    const Coefficient law = predicted(record, record.predicted);
    verdicts.push_back(runs ? three_way_verdict(same(*runs, law), words_of(*runs, law))
                            : Verdict::undecided("a run diverged"));
    row.results.push_back({record.setting.name, verdicts.back(), ""});
    row.seeds = record.runs.size();
    if (!runs) continue;
    worst_share = std::max(worst_share, farthest(*runs, law));
    row.tests.push_back({row.text.id, "coefficient of $p^{-1/2}$, " + record.setting.name,
                         record.runs.size(), level,
                         fmt::format("a coefficient of 0, that of the law, is refuted at a margin "
                                     "of {:g} of FMF's, and FMF's own holds",
                                     margin),
                         std::min(power(*runs, law, 0, VerdictKind::refuted),
                                  power(*runs, law, law.value, VerdictKind::holds))});
    row.measurements.push_back({"coefficient of $p^{-1/2}$, " + record.setting.name, runs->value,
                                std::pair(runs->lower, runs->upper),
                                fmt::format("FMF$(p)$: {:.4f}", law.value),
                                IntervalKind::instance});
    measure_exponents(profile, record, row);
    measure_differences(record, row);
  }
  row.premises.push_back(stable);
  row.instances = records.size();
  row.bound = margin;
  row.bound_label = "margin, as a share of the predicted coefficient";
  row.measured = worst_share;
  row.measured_label = "largest share by which a coefficient of $p^{-1/2}$ may differ";
  row.ratio = worst_share / margin;
  row.verdict = stable.held < stable.of
                    ? Verdict::undecided("FMF(p) does not apply: it is not stable")
                    : worst(verdicts);
}

Conclusion plan(Study& study) {
  std::vector<Handle<FiniteWidthRecord>> records;
  for (const FiniteWidthCase& setting : {forgotten(), not_odd(), remembered()})
    records.push_back(want_finite_width(study, setting));
  return [profile = study.profile(), records](ClaimRow& row) { conclude(profile, records, row); };
}

/// A false law has the coefficient `law`: refused where runs have another.
Refused refuse(const std::string& name, const FiniteWidthRecord& record, const Coefficient& law) {
  Refused refused{{Rejection::Kind::false_claim, name, {}, "a run diverged"}, {}};
  const auto runs = measured(record);
  if (!runs) return refused;
  if (same(*runs, law) == VerdictKind::refuted) refused.rejection.caught_by = {"law11"};
  refused.rejection.detail =
      fmt::format("coefficient of p^(-1/2) {}, {}", words_of(*runs, law), record.setting.name);
  const Coefficient truth = predicted(record, record.predicted);
  refused.tests = {{"law11", "false claim: " + name, record.runs.size(), level,
                    "FMF's own coefficient refutes it",
                    power(*runs, law, truth.value, VerdictKind::refuted)}};
  return refused;
}

std::function<Refused()> nothing_but_the_law(Study& study) {
  return [record = want_finite_width(study, forgotten())] {
    return refuse("runs are within $O(1/p)$ of the law of infinite width", *record, {0, 0, 0});
  };
}

std::function<Refused()> without_memory(Study& study) {
  return [record = want_finite_width(study, remembered())] {
    return refuse("runs are within $O(1/p)$ of FMF$(p)$ without the memory of $\\beta_0$", *record,
                  predicted(*record, record->forgetful));
  };
}

}  // namespace

Claim law11_claim() {
  return {
      .text =
          {.id = "law11",
           .title = "The law with memory, at finite width",
           .statement =
               "FMF$(p)$: $a' = -b K(\\psi'(a) \\circ e)$, $h' = \\sqrt{p}(-\\lambda h - "
               "\\psi(a) \\cdot e)$, $e = c f_0 + E\\psi(a)h - y$, $c = "
               "e^{-\\lambda\\sqrt{p}\\tau}$,"
               " $\\beta = c\\beta_0 + h/\\sqrt{p}$, in steps of $\\eta/\\sqrt{p}$: mean cosine of "
               "networks $=$ FMF$(p) + O(1/p)$, where they differ from the law by order "
               "$p^{-1/2}$.",
           .source = "ours, reports/docs/alignment_law_nonlinear.md",
           .premises = {"two layers, Gaussian initialisation, constant penalty, one output",
                        "$\\eta(\\lambda + \\lambda_{\\max}(G)) < 2$ on $[0, \\tau]$"},
           .conclusion = "The term of order $p^{-1/2}$ in mean cosine $-$ law is that of FMF$(p)$.",
           .constants = "none: formal, the constant of $O(1/p)$ is not explicit",
           .method =
               "Networks of width $4p$, $p$ from 49 to 400, beside the four networks of width $p$ "
               "that are their quarters: the mean difference of the cosines is $\\frac12 \\alpha "
               "p^{-1/2} + \\frac34 \\gamma/p$, least squares give $\\alpha$, Student's $t$ over "
               "independent tuples its interval. FMF$(p)$ twice by quasi-random clouds, "
               "the distance of the two being its error, and in the mean over $f_0$.",
           .falsifier = "An $\\alpha$ that differs significantly from FMF's by more than a quarter "
                        "of it."},
      .place = 176,
      .plan = plan,
      .false_claims = {{.place = 110, .plan = nothing_but_the_law},
                       {.place = 111, .plan = without_memory}}};
}

}  // namespace alignproof::inline claims
