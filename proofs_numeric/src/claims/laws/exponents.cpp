// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/exponents.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/exponents.hpp>

#include "claims/laws/sizes.hpp"

namespace alignproof::inline claims {

LawTable by_tuple(const LawTable& gaps, std::size_t runs) {
  LawTable all;
  for (const auto& width : gaps) {
    all.emplace_back();
    for (std::size_t first = 0; first + runs <= width.size(); first += runs) {
      double square = 0;
      for (std::size_t k = 0; k < runs; ++k) square += width[first + k] * width[first + k];
      const double mean = std::sqrt(square / static_cast<double>(runs)) + 0x1p-53;
      all.back().push_back(std::isfinite(mean) ? mean : INFINITY);
    }
  }
  return all;
}

namespace {

/// Tuples of which a run diverged at some width.
std::size_t tuples_lost(const LawTable& gaps) {
  std::size_t lost = 0;
  for (std::size_t s = 0; s < gaps.front().size(); ++s)
    lost += std::any_of(gaps.begin(), gaps.end(),
                        [s](const auto& width) { return !std::isfinite(width[s]); });
  return lost;
}

std::string words_of(const MedianSlope& slope, std::size_t lost) {
  std::string words = fmt::format("p^{:.3f} [{:.3f}, {:.3f}] at level {}", slope.exponent,
                                  slope.lower, slope.upper, slope.level);
  if (lost > 0)
    words += fmt::format(", {} of {} tuples with a run that diverged", lost, slope.tuples);
  return words;
}

}  // namespace

void conclude_exponents(const Profile& profile, const std::vector<GapExponent>& exponents,
                        ClaimRow& row) {
  const std::size_t runs = law_sizes(profile).runs;
  const double limit = -0.5 + profile.growth_margin;
  std::vector<Verdict> verdicts;
  double worst_limit = -INFINITY;
  PremiseCount stable{
      "$\\eta(\\lambda + \\lambda_{\\max}(K + \\zeta\\zeta^T)) < 2$ on $[0, \\tau]$", 0,
      exponents.size()};
  for (const GapExponent& each : exponents) {
    stable.held += each.record->stability < 2 ? 1 : 0;
    const LawTable gaps = by_tuple(*each.gaps, runs);
    const MedianSlope slope = median_slope(each.record->widths, gaps, profile.level);
    verdicts.push_back(three_way_verdict(below(slope, limit), words_of(slope, tuples_lost(gaps)),
                                         each.record->replay));
    row.results.push_back({each.what, verdicts.back(), each.record->replay});
    row.tests.push_back(exponent_test(row.text.id, each.what, slope, limit, -0.5, 0));
    row.measurements.push_back(
        measured_exponent("exponent in $p$: " + each.what, slope, "$-1/2$ as $p \\to \\infty$"));
    worst_limit = std::max(worst_limit, slope.upper);
    row.seeds = slope.tuples * runs;
  }
  row.premises.push_back(stable);
  row.instances += exponents.size();
  row.bound = limit;
  row.bound_label = "largest exponent in $p$ that passes: $-1/2$ plus the margin $1/4$";
  row.measured_label = "upper limit of the exponent, largest of the row";
  row.ratio_label = growth_ratio_label;
  const auto& widths = exponents.front().record->widths;
  if (std::isfinite(worst_limit)) {  // else runs diverged, as the results say
    row.measured = worst_limit;
    row.ratio = std::pow(widths.back() / widths.front(), worst_limit - limit);
  }
  row.verdict = stable.held < stable.of
                    ? Verdict::undecided("the law does not apply: it is not stable")
                    : worst(verdicts);
}

}  // namespace alignproof::inline claims
