// SPDX-License-Identifier: Apache-2.0
#include "claims/mean_field/gap_exponents.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/exponents.hpp>
#include <alignproof/claims/summary.hpp>

#include "claims/laws/exponents.hpp"
#include "claims/mean_field/sizes.hpp"

namespace alignproof::inline claims {

namespace {

constexpr const char* stable_premise = "$\\eta(\\lambda + \\lambda_{\\max}(G)) < 2$ along the law";
constexpr const char* smooth_premise = "$\\psi'$ Lipschitz";

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

/// Of one gap, with what it rests on.
struct Tested {
  MedianSlope slope;
  double median = 0;     ///< of the gaps at the largest width
  double evaluator = 0;  ///< error of the law there
  bool stable = false, smooth = false;
  Verdict verdict = Verdict::undecided("not run");
};

Verdict verdict_of(const Tested& tested, double limit, const std::string& replay) {
  if (!tested.stable) return Verdict::undecided("outside the premises: the law is not stable");
  if (!(tested.evaluator <= tested.median / 10))
    return Verdict::undecided(
        fmt::format("the error {:.2g} of the law's evaluator is not a tenth "
                    "of the gaps {:.2g}",
                    tested.evaluator, tested.median));
  const MedianSlope& slope = tested.slope;
  const std::string words = fmt::format("p^{:.3f} [{:.3f}, {:.3f}] at level {}", slope.exponent,
                                        slope.lower, slope.upper, slope.level);
  const Verdict verdict = three_way_verdict(below(slope, limit), words, replay);
  if (tested.smooth || verdict.kind() == VerdictKind::holds) return verdict;
  return Verdict::undecided("outside the theorem: " + words);
}

Tested test(const FieldGap& gap, const FieldSizes& sizes, double limit) {
  const FieldRecord& record = *gap.record;
  const LawTable tuples = by_tuple(gap.gaps, gap.gaps.front().size() / sizes.tuples);
  Tested tested;
  tested.slope = median_slope(record.widths, tuples, sizes.level);
  tested.median = median_of(tuples.back());
  tested.evaluator = gap.evaluator;
  tested.stable = stability(record.field_case, record.course) < 2 && record.first_layer < 2;
  tested.smooth = record.field_case.smooth();
  tested.verdict = verdict_of(tested, limit, record.replay);
  return tested;
}

}  // namespace

void conclude_gaps(const Profile& profile, const std::vector<FieldGap>& all, ClaimRow& row) {
  const FieldSizes sizes = field_sizes(profile);
  const double limit = -0.5 + profile.growth_margin;
  PremiseCount stable{stable_premise, 0, all.size()}, smooth{smooth_premise, 0, all.size()};
  std::vector<Verdict> verdicts;
  double highest = -INFINITY, evaluator = 0;
  for (const FieldGap& gap : all) {
    const Tested tested = test(gap, sizes, limit);
    stable.held += tested.stable ? 1 : 0, smooth.held += tested.smooth ? 1 : 0;
    row.instances += tested.stable && tested.smooth ? 1 : 0;
    verdicts.push_back(tested.verdict);
    row.results.push_back({gap.what, tested.verdict, gap.record->replay});
    row.tests.push_back(exponent_test(row.text.id, gap.what, tested.slope, limit, -0.5, 0));
    row.measurements.push_back(
        measured_exponent("exponent in $p$: " + gap.what, tested.slope,
                          tested.smooth ? "$-1/2$ as $p \\to \\infty$" : "outside the theorem"));
    highest = std::max(highest, tested.slope.upper);
    evaluator = largest_so_far(evaluator, tested.evaluator / tested.median);
    row.seeds = std::max(row.seeds, gap.gaps.front().size());
  }
  row.premises.push_back(stable), row.premises.push_back(smooth);
  row.measurements.push_back(
      {"error of the law's evaluator / median gap at the largest width, "
       "largest of the row",
       evaluator, std::nullopt, "at most 1/10, else undecided"});
  row.bound = limit;
  row.bound_label = "largest exponent in $p$ that passes: $-1/2$ plus the margin $1/4$";
  row.measured_label = "upper limit of the exponent, largest of the row";
  row.ratio_label = growth_ratio_label;
  const auto& widths = all.front().record->widths;
  if (std::isfinite(highest)) {  // else runs diverged, as the results say
    row.measured = highest;
    row.ratio = std::pow(widths.back() / widths.front(), highest - limit);
  }
  row.verdict = worst(verdicts);
}

}  // namespace alignproof::inline claims
