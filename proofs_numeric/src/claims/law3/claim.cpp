// SPDX-License-Identifier: Apache-2.0
// law3: a cut leaves the alignment of isometric data alone, and that of other data not.
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/exponents.hpp>
#include <alignproof/claims/summary.hpp>

#include "claims/laws/exponents.hpp"
#include "claims/laws/sizes.hpp"

namespace alignproof::inline claims {

namespace {

/// The control with a general K must be seen: what the cut moves there is no matter of width.
bool control_moves(const LawRecord& control) {
  const LawPoint& law = control.end();
  return quantile_of(control.moved.back(), 0.5) > std::abs(law.cosine - law.cosine_after_cut) / 2;
}

void conclude(const Profile& profile, const LawRecord& isometric, const LawRecord& control,
              ClaimRow& row) {
  conclude_exponents(
      profile,
      {{isometric.name() + ", $|\\cos$ after the cut $-$ at it$|$", &isometric, &isometric.moved}},
      row);
  row.measurements.push_back(
      {"control, general K: cosine at the cut by the law", control.end().cosine, std::nullopt,
       fmt::format("{:.6f} after it: there the cut moves it", control.end().cosine_after_cut)});
  if (row.verdict.kind() == VerdictKind::holds && !control_moves(control))
    row.verdict = Verdict::undecided("the control with general K was not told apart");
}

Conclusion plan(Study& study) {
  return [profile = study.profile(), isometric = want_isometric(study),
          control = want_sphere(study)](ClaimRow& row) {
    conclude(profile, *isometric, *control, row);
  };
}

/// "A cut leaves the alignment alone for every K."
Refused refuse(const Profile& profile, const LawRecord& record) {
  const double limit = -0.5 + profile.growth_margin;
  Rejection cut{Rejection::Kind::false_claim,
                "a cut leaves the alignment alone for every $K$, up to $p^{-1/2}$",
                {},
                ""};
  const MedianSlope moved =
      median_slope(record.widths, by_tuple(record.moved, law_sizes(profile).runs), profile.level);
  if (below(moved, limit) == VerdictKind::refuted) cut.caught_by = {"law3"};
  cut.detail = fmt::format("exponent of the move in [{:.2f}, {:.2f}], {}", moved.lower, moved.upper,
                           record.name());
  return {cut,
          {{"law3", "false claim: " + cut.name, moved.tuples, 2 * moved.level,
            "an exponent of 0, the true one, refutes it", power_of_lower_above(moved, 0, limit)}}};
}

std::function<Refused()> a_cut_moves_nothing(Study& study) {
  return [profile = study.profile(), control = want_sphere(study)] {
    return refuse(profile, *control);
  };
}

}  // namespace

Claim law3_claim() {
  return {.text = {.id = "law3",
                   .title = "A cut leaves the alignment of isometric data alone",
                   .statement =
                       "$K = \\gamma I$: the cosine after the penalty is cut is the cosine at the "
                       "cut. For general K the cut moves it.",
                   .source = law_source,
                   .premises = law_premises(),
                   .conclusion = "$|\\cos$ after the cut $-$ at it$|$ is of order $p^{-1/2}$",
                   .constants = "none",
                   .method = "Exponent in $p$ as for law1; a general K is the control and must "
                             "move.",
                   .falsifier = "An exponent significantly above $-1/2$ plus the margin."},
          .place = 140,
          .plan = plan,
          .false_claims = {{.place = 90, .plan = a_cut_moves_nothing}}};
}

}  // namespace alignproof::inline claims
