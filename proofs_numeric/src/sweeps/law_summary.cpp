// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/law_summary.hpp>

#include <cmath>

#include <fmt/format.h>

#include <alignproof/statistics/fit.hpp>

namespace alignproof::inline sweeps {

LawOrder law_order(const WidthRuns& runs, const LawPoint& law, LawCosine which, double level) {
  LawOrder found;
  found.law = which == LawCosine::after_cut ? law.cosine_after_cut : law.cosine;
  const auto distances = gaps(runs, found.law, which);
  for (std::size_t w = 0; w < runs.runs.size(); ++w) {
    std::vector<double> cosines;
    for (const SlowRun& run : runs.runs[w]) cosines.push_back(cosine_of(run, which));
    found.cosine.push_back(quantile(cosines, 0.5));
    found.gap.push_back(quantile(distances[w], 0.5));
  }
  found.order = median_slope(runs.p, distances, level);
  return found;
}

Figure law_course(const std::string& caption, const std::vector<LawPoint>& law,
                  const WidthRuns& runs) {
  Figure figure{"law",
                "The alignment law and runs of finite width",
                caption,
                "slow time $\\tau = \\eta t/\\sqrt{p}$",
                "$\\cos(b, \\beta)$",
                false,
                false,
                {}};
  std::vector<double> times;
  for (const LawPoint& point : law) times.push_back(point.tau);
  Series limit{"law, $p \\to \\infty$", Series::Style::line, times, {}};
  Series cut{"law, after a cut", Series::Style::dashed, times, {}};
  for (const LawPoint& point : law)
    limit.y.push_back(point.cosine), cut.y.push_back(point.cosine_after_cut);
  figure.series = {limit, cut};
  for (std::size_t w = 0; w < runs.p.size(); ++w)
    figure.series.push_back({fmt::format("$p = 10^{{{:.3g}}}$", std::log10(runs.p[w])),
                             Series::Style::points, times, runs.runs[w].front().cosine});
  return figure;
}

Figure law_distance(const std::string& caption, const std::vector<double>& widths,
                    const LawOrder& with_penalty, const LawOrder& after_cut) {
  Figure figure{"law-order",
                "Finite width is of order $p^{-1/2}$ away from the law",
                caption,
                "width $p$",
                "$|\\cos - $law$|$",
                true,
                true,
                {}};
  figure.series = {{"with the penalty", Series::Style::line_and_points, widths, with_penalty.gap},
                   {"after the cut", Series::Style::line_and_points, widths, after_cut.gap}};
  Series guide{"slope $-1/2$", Series::Style::dashed, widths, {}};
  for (double p : widths)
    guide.y.push_back(with_penalty.gap.front() * std::sqrt(widths.front() / p));
  figure.series.push_back(guide);
  return figure;
}

std::string table(const std::vector<LawPoint>& law) {
  std::string lines = "tau,cosine,cosine_after_cut,error,curvature\n";
  for (const LawPoint& point : law)
    lines += fmt::format("{:.17g},{:.17g},{:.17g},{:.17g},{:.17g}\n", point.tau, point.cosine,
                         point.cosine_after_cut, point.error, point.curvature);
  return lines;
}

std::string table(const WidthRuns& runs) {
  std::string lines = "width,run,cosine,error,cosine_after_cut,error_after_cut\n";
  for (std::size_t w = 0; w < runs.p.size(); ++w)
    for (std::size_t s = 0; s < runs.runs[w].size(); ++s) {
      const SlowRun& run = runs.runs[w][s];
      lines += fmt::format("{:.0f},{},{:.17g},{:.17g},{:.17g},{:.17g}\n", runs.p[w], s,
                           run.cosine.back(), run.error.back(), run.after_cut, run.error_after_cut);
    }
  return lines;
}

}  // namespace alignproof::inline sweeps
