// SPDX-License-Identifier: Apache-2.0
// GK: the initial Gram matrix concentrates at its limit.
#include <alignproof/claims/claim.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/exponents.hpp>
#include <alignproof/claims/probes/start.hpp>
#include <alignproof/claims/summary.hpp>

#include "claims/theory.hpp"

namespace alignproof::inline claims {

namespace {

using SeenRun = Seen<StartProbe>;
using SeenRuns = Runs<SeenRun>;

class Conclude {
 public:
  explicit Conclude(Study& study)
      : profile_(study.profile()),
        widths_(study.want<StartProbe>(across_widths(study))),
        samples_(study.want<StartProbe>(across_samples(study))) {}

  void operator()(ClaimRow& row) const {
    row.instances = widths_.size();
    row.seeds = widths_.front()->records.size();
    for (const Handle<SeenRuns>& runs : widths_)
      row.measurements.push_back(
          {fmt::format("$\\sqrt{{p}} |G(0) - \\bar G|$ at $p = {}$", runs->batch.network.p),
           std::sqrt(static_cast<double>(runs->batch.network.p)) *
               quantile_of(values(*runs, &SeenRun::G0_error), 0.5),
           std::nullopt, "median over seeds"});
    const auto slope = exponent_over(widths_, Variable::width, &SeenRun::G0_error, profile_.level);
    if (!slope) {
      row.verdict = Verdict::undecided("a run diverged at the start: no exponent");
      return;
    }
    measure(*slope, row);
    conclude(*slope, row);
  }

 private:
  void measure(const MedianSlope& slope, ClaimRow& row) const {
    row.measurements.push_back(
        measured_exponent("exponent of $|G(0) - \\bar G|$ in $p$", slope, "$-1/2$"));
    if (const auto H = exponent_over(widths_, Variable::width, &SeenRun::H0_norm, profile_.level))
      row.measurements.push_back(measured_exponent("exponent of $|H(0)|$ in $p$", *H, "$-1/2$"));
    if (const auto in_n =
            exponent_over(samples_, Variable::samples, &SeenRun::G0_error, profile_.level))
      row.measurements.push_back(measured_exponent("exponent of $|G(0) - \\bar G|$ in $n$", *in_n,
                                                   "measured, not tested"));
  }

  void conclude(const MedianSlope& slope, ClaimRow& row) const {
    const double high = -0.5 + profile_.growth_margin, low = -0.5 - profile_.growth_margin;
    StatisticalTest test =
        exponent_test(row.text.id, "exponent of $|G(0) - \\bar G|$ in $p$", slope, high, -0.5, 0);
    // Both sides: an exponent of -1 is refuted at the lower margin, one of -1/2 lies above it.
    test.power = std::min(
        {test.power, power_of_upper_below(slope, -1, low), power_of_lower_above(slope, -0.5, low)});
    test.alternative = fmt::format(
        "an exponent of 0 or of -1 is refuted at the margins {:g} and {:g}, one of -0.5 holds",
        high, low);
    row.tests.push_back(test);
    row.bound = high;
    row.bound_label = "$-1/2$ and the margin";
    row.measured = slope.upper;
    row.measured_label = "upper limit of the exponent";
    row.ratio_label = growth_ratio_label;
    row.ratio = growth_ratio(widths_.front()->batch, widths_.back()->batch, slope.upper, high);
    row.verdict =
        three_way_verdict(between(slope, low, high),
                          fmt::format("exponent {:.3f}, interval {:.3f} to {:.3f} at level {}",
                                      slope.exponent, slope.lower, slope.upper, profile_.level),
                          replay_of_last(widths_));
  }

  const Profile& profile_;
  std::vector<Handle<SeenRuns>> widths_, samples_;
};

}  // namespace

Claim gk_claim() {
  return {.text = {.id = "GK",
                   .title = "The initial Gram matrix concentrates",
                   .statement = "$|G(0) - \\bar G|$ is of order $1/\\sqrt{p}$, $\\bar G_{ij} = "
                                "E\\psi(\\langle w, x_i\\rangle)\\psi(\\langle w, x_j\\rangle)$.",
                   .source = std::string(paper) + ", behind T1a",
                   .premises = {"samples and activation fixed"},
                   .conclusion = "the exponent in $p$ lies within the margin 1/4 of $-1/2$",
                   .constants = "none",
                   .method = "One least-squares slope a tuple of initialisations across the "
                             "widths; exact interval of the median slope.",
                   .falsifier = "An exponent significantly away from $-1/2$ by more than the "
                                "margin."},
          .place = 50,
          .plan = [](Study& study) -> Conclusion { return Conclude(study); },
          .settings = [](const Profile& profile) -> std::vector<SettingLine> {
            return {line_of_widths(profile), line_of_samples(profile)};
          }};
}

}  // namespace alignproof::inline claims
