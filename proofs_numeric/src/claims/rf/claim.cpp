// SPDX-License-Identifier: Apache-2.0
// RF: what a precision may lose. A run contracts until rounding feeds it as much as contraction
// takes away; the level where that happens is derived, and reached.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>

#include "claims/rf/floor_run.hpp"

namespace alignproof::inline claims {

namespace {

/// It must come down to its own precision, not to that of doubles.
bool reaches_its_floor(const FloorRecord& run) {
  return run.contraction < 1 && run.last <= run.floor &&
         run.floor <= -static_cast<double>(run.digits) + 8;
}

void conclude(const std::vector<Handle<FloorRecord>>& runs, ClaimRow& row) {
  std::vector<Verdict> verdicts;
  double closest = -INFINITY;
  for (const Handle<FloorRecord>& each : runs) {
    const FloorRecord& run = *each;
    const std::string words =
        fmt::format("|e| ends below 10^{:.1f}, floor 10^{:.1f}", run.last, run.floor);
    verdicts.push_back(reaches_its_floor(run) ? Verdict::sampled(words)
                                              : Verdict::refuted(words + "; " + run.replay));
    row.results.push_back(
        {fmt::format("{} digits{}", run.digits, run.in_double() ? " (double)" : ""),
         verdicts.back(), run.replay});
    row.measurements.push_back(
        {fmt::format("$\\log_{{10}}$ of the derived floor, {} digits", run.digits), run.floor,
         std::nullopt, fmt::format("$\\log_{{10}} |e|$ at the end: {:.2f}", run.last)});
    if (run.last - run.floor > closest) {
      closest = run.last - run.floor;
      row.bound = std::pow(10, run.floor), row.measured = std::pow(10, run.last);
      row.ratio = std::pow(10, closest);
    }
  }
  row.bound_label = "derived floor";
  row.measured_label = "$|e|$ at the end, largest of the last tenth of the run";
  row.instances = verdicts.size();
  row.seeds = 1;
  row.digits = runs.back()->digits;
  row.verdict = worst(verdicts);
}

Conclusion plan(Study& study) {
  return [runs = want_floor_runs(study)](ClaimRow& row) { conclude(runs, row); };
}

/// Beyond the floor nothing moves: a tenth of the run more shows it.
Series course_of(const FloorRecord& run) {
  const std::size_t size = run.log_error.size();
  const auto reached = std::find_if(run.log_error.begin(), run.log_error.end(),
                                    [&](double e) { return e <= run.floor; });
  const std::size_t last =
      std::min(size, static_cast<std::size_t>(reached - run.log_error.begin()) + size / 10);
  Series s{fmt::format("{} digits", run.digits), Series::Style::line, {}, {}};
  for (std::size_t t = 0; t < last; ++t) {
    const double e = run.log_error[t];
    s.x.push_back(static_cast<double>(t));
    s.y.push_back(e <= -2.0 * run.digits ? std::nan("") : e);  // 0 has no place on this axis
  }
  return s;
}

Figure floor_figure(const std::vector<Handle<FloorRecord>>& runs) {
  Figure figure{
      "rounding-floor",
      "Every precision has its floor",
      "One linear network at several precisions. The dashed line is the floor derived for "
      "doubles; the others lie as many decades lower as there are more digits.",
      "step $t$",
      "$\\log_{10} |e(t)|$",
      false,
      false,
      {}};
  for (const Handle<FloorRecord>& run : runs) figure.series.push_back(course_of(*run));
  const double in_double = runs.front()->floor;
  figure.series.push_back({"derived floor, double",
                           Series::Style::dashed,
                           {0, static_cast<double>(figure.series.back().x.size())},
                           {in_double, in_double}});
  return figure;
}

std::function<std::vector<Figure>()> plan_figure(Study& study) {
  return [runs = want_floor_runs(study)] { return std::vector{floor_figure(runs)}; };
}

}  // namespace

Claim rf_claim() {
  return {
      .text =
          {.id = "RF",
           .title = "The rounding floor",
           .statement = "A run that contracts by $q < 1$ and loses at most $\\rho$ a step to "
                        "rounding comes below $\\rho/(1 - q)$ and stays there.",
           .source = "ours, reports/docs/rounding.md",
           .premises = {"$|e(t+1)| \\le q|e(t)|$ for the exact step: judged while it can be, and "
                        "$|I - \\eta M| \\le q$ at the end"},
           .conclusion = "$|e|$ ends below the derived floor, at every precision",
           .constants = "$\\rho$ derived, $q$ the largest contraction factor that was judged",
           .method = "One instance in double and at more and more digits, long enough for the "
                     "most; the figure shows every run going down to its own floor.",
           .falsifier = "A run that ends above its floor, or a floor that does not sink with the "
                        "digits."},
      .place = 220,
      .plan = plan,
      .figures = {{.place = 40, .plan = plan_figure}}};
}

}  // namespace alignproof::inline claims
