// SPDX-License-Identifier: Apache-2.0
// law10: under a penalty on beta feedback alignment learns features in sqrt p steps, and
// backpropagation in p. Derivation: reports/docs/alignment_law_nonlinear.md.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/exponents.hpp>
#include <alignproof/claims/summary.hpp>

#include "claims/law10/learning_time.hpp"
#include "claims/mean_field/gap_exponents.hpp"
#include "claims/mean_field/nearer.hpp"
#include "claims/mean_field/sizes.hpp"

namespace alignproof::inline claims {

namespace {

constexpr double fa_power = 0.5, bp_power = 1;

/// "Steps grow like p^power": within `margin` of it, which tells the two powers apart.
struct StepsExponent {
  std::string what;
  const FieldRecord* record;
  double power, other;  ///< claimed, and of the other rule
};

void conclude_steps(const Profile& profile, const StepsExponent& steps, double level_of_error,
                    ClaimRow& row) {
  const double margin = profile.growth_margin;
  const MedianSlope slope = median_slope(
      steps.record->widths, steps_until_below(*steps.record, level_of_error, steps.power),
      field_sizes(profile).level);
  const std::string words = fmt::format("p^{:.3f} [{:.3f}, {:.3f}] at level {}", slope.exponent,
                                        slope.lower, slope.upper, slope.level);
  const Verdict verdict = three_way_verdict(
      between(slope, steps.power - margin, steps.power + margin), words, steps.record->replay);
  row.results.push_back({steps.what, verdict, steps.record->replay});
  row.measurements.push_back(measured_exponent("exponent in $p$: " + steps.what, slope,
                                               fmt::format("claimed: {}", steps.power)));
  const double low = std::min(steps.power, steps.other) + margin;
  const double from_below = power_of_upper_below(slope, low - margin, low),
               from_above = power_of_lower_above(slope, low + margin, low);
  row.tests.push_back(
      {row.text.id, steps.what, slope.tuples, 2 * slope.level,
       fmt::format("an exponent of {} is refuted, one of {} holds", steps.other, steps.power),
       std::min(from_below, from_above)});
  row.verdict = worst({row.verdict, verdict});
  ++row.instances;
}

/// Median of |e|/|Y| over the widest runs, at the time with this index.
double median_error(const FieldRecord& record, std::size_t k) {
  std::vector<double> errors;
  for (const NetworkSlowRun& run : record.runs.back())
    errors.push_back(run.error[k] / record.y_norm());
  return quantile_of(errors, 0.5);
}

/// At equal eta t / sqrt p = 2: the last time of bp, and one of fa.
void compare_at_equal_slow_time(const FieldRecord& fa, const FieldRecord& bp, ClaimRow& row) {
  const double tau = bp.times.back();
  const auto at = std::min_element(fa.times.begin(), fa.times.end(), [tau](double a, double b) {
    return std::abs(a - tau) < std::abs(b - tau);
  });
  const auto k = static_cast<std::size_t>(at - fa.times.begin());
  const double kernel = fa.course.front().error / fa.y_norm();
  const std::string where =
      fmt::format("median at $p = {}$, $\\eta t/\\sqrt{{p}} = {}$", bp.widths.back(), tau);
  row.measurements.push_back(
      {"$|e|/|Y|$ of feedback alignment", median_error(fa, k), std::nullopt,
       where + fmt::format("; law {:.4f}", fa.course[k].error / fa.y_norm())});
  row.measurements.push_back({"$|e|/|Y|$ of backpropagation", median_error(bp, bp.times.size() - 1),
                              std::nullopt,
                              where + fmt::format("; of training $\\beta$ alone {:.4f}", kernel)});
}

void conclude(const Profile& profile, const LearningRuns& runs, ClaimRow& row) {
  const FieldRecord &fa = *runs.fa, &bp = *runs.bp, &own = *runs.bp_own;
  conclude_gaps(profile,
                {{"backpropagation on $\\tau$: $|e|$ $-$ kernel value", &bp, error_gaps(bp, true),
                  bp.course.front().error_estimate},
                 {"backpropagation on $\\tau_2$: $|e|$ $-$ law", &own, error_gaps(own, false),
                  own.evaluator()}},
                row);
  const double level = level_of(fa);
  row.measurements.push_back({"level of $|e|/|Y|$ that is to be reached", level / fa.y_norm(),
                              std::nullopt,
                              fmt::format("kernel value {:.4f}, law of feedback alignment at "
                                          "$\\tau = {}$ {:.4f}",
                                          fa.course.front().error / fa.y_norm(), fa.times.back(),
                                          fa.end().error / fa.y_norm())});
  conclude_steps(profile, {"steps of feedback alignment to the level", &fa, fa_power, bp_power},
                 level, row);
  conclude_steps(profile, {"steps of backpropagation to the level", &own, bp_power, fa_power},
                 level, row);
  compare_at_equal_slow_time(fa, bp, row);
}

Conclusion plan(Study& study) {
  return [profile = study.profile(), runs = want_learning(study)](ClaimRow& row) {
    conclude(profile, runs, row);
  };
}

/// "Backpropagation has the error of feedback alignment at equal eta t / sqrt p."
std::function<Refused()> same_slow_time(Study& study) {
  return [level = field_sizes(study.profile()).level, runs = want_learning(study)] {
    const FieldRecord& bp = *runs.bp;
    const double kernel = bp.course.front().error, law = bp.end().error;
    NearerTo claim{"law10",
                   "under the same penalty backpropagation learns on the slow time of feedback "
                   "alignment",
                   0, bp.runs.back().size()};
    for (const NetworkSlowRun& run : bp.runs.back()) {
      const double e = run.error.back();
      claim.nearer += std::abs(e - law) > std::abs(e - kernel) ? 0 : 1;
    }
    return refuse_nearer(claim, level);
  };
}

}  // namespace

Claim law10_claim() {
  return {
      .text =
          {.id = "law10",
           .title = "Feedback alignment learns features in sqrt p steps, backpropagation in p",
           .statement =
               "Under the same constant penalty on $\\beta$ the error of feedback alignment falls "
               "on $\\tau = \\eta t/\\sqrt{p}$. That of backpropagation stays there at "
               "$\\lambda|(\\lambda + G_0)^{-1}Y|$, of training $\\beta$ alone, and falls on "
               "$\\tau_2 = \\eta t/p$: $da/d\\tau_2 = \\lambda(\\psi(a) \\cdot m) K(\\psi'(a) "
               "\\circ m)$.",
           .source = field_source,
           .premises =
               {"two-layer network, Gaussian initialisation, constant penalty on $\\beta$",
                "$\\psi'$ bounded and Lipschitz",
                "$\\eta(\\lambda + \\lambda_{\\max}(G)) < 2$ along the law, and for "
                "backpropagation with $G_0 + \\Theta$ at the start, $\\Theta$ the kernel of "
                "the first layer"},
           .conclusion = "steps until $|e|$ stays below a level between its kernel value and its "
                         "late one grow like $p^{1/2}$ for feedback alignment and like $p$ for "
                         "backpropagation, whose $|e|$ is at distance $O(p^{-1/2})$ from the "
                         "kernel value on $\\tau$ and from the law on $\\tau_2$",
           .constants = "not explicit; that backpropagation does not move on $\\tau$ is proved, "
                        "its law on $\\tau_2$ is formal",
           .method = "tanh networks of two samples at growing widths; exact intervals of median "
                     "slopes, of steps within 1/4 of the claimed exponent, of distances against a "
                     "margin of half the exponent.",
           .falsifier = "An exponent significantly outside its margin."},
      .place = 175,
      .plan = plan,
      .false_claims = {{.place = 350, .plan = same_slow_time}}};
}

}  // namespace alignproof::inline claims
