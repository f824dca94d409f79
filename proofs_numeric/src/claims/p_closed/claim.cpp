// SPDX-License-Identifier: Apache-2.0
// P-closed: the width of Theorem P in closed form satisfies its condition.
#include <algorithm>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>

#include "claims/p_closed/closed_form_count.hpp"

namespace alignproof::inline claims {

namespace {

using Counts = std::vector<Handle<ClosedFormCount>>;

Verdict verdict_of(const ClosedFormCount& count) {
  if (count.fails > 0)
    return Verdict::refuted(fmt::format("(P.5) is false at {} of {}, first {}", count.fails,
                                        count.instances, count.failing));
  if (count.holds < count.instances)
    return Verdict::undecided(
        fmt::format("{} of {} enclosed, not {}", count.holds, count.instances, count.failing));
  return Verdict::sampled(fmt::format("{} instances", count.instances));
}

const ClosedFormCount& closest_of(const Counts& counts) {
  return **std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return a->closest() < b->closest();
  });
}

/// Of each part of (P.5) and each step of the derivation the most that any instance uses.
void measure_shares(const Counts& counts, ClaimRow& row) {
  const auto measure = [&](std::string what, const auto& shares, std::size_t k) {
    double most = 0;
    for (const Handle<ClosedFormCount>& count : counts)
      most = std::max(most, ((*count).*shares)[k]);
    row.measurements.push_back({"largest share: " + what, most, std::nullopt, "of 1"});
  };
  const char* parts[] = {"rate, (P.5)", "sum of the errors, (P.5)", "step size, (P.5)"};
  for (std::size_t k = 0; k < std::size(parts); ++k) measure(parts[k], &ClosedFormCount::parts, k);
  for (std::size_t k = 0; k < closed_form_step_count; ++k)
    measure(std::string(counts.front()->step_names[k]), &ClosedFormCount::steps, k);
}

void conclude(const Counts& counts, ClaimRow& row) {
  std::vector<Verdict> verdicts;
  for (const Handle<ClosedFormCount>& count : counts) {
    verdicts.push_back(verdict_of(*count));
    row.results.push_back({count->psi, verdicts.back(), ""});
    row.instances += count->instances;
  }
  row.digits = closed_form_digits;
  row.verdict = worst(verdicts);
  if (row.verdict.kind() == VerdictKind::sampled)
    row.verdict = Verdict::sampled(fmt::format("{} instances, in balls", row.instances));
  const ClosedFormCount& closest = closest_of(counts);
  row.bound = 1;
  row.bound_label = "share of (P.5) that may be used";
  row.measured = row.ratio = closest.closest();
  row.measured_label = "largest share used of a part of (P.5)";
  row.measurements.push_back({"closest margin of (P.5)", 1 - closest.closest(), std::nullopt,
                              closest.psi + " " + closest.closest_at});
  measure_shares(counts, row);
}

Conclusion plan(Study& study) {
  return [counts = want_closed_form(study)](ClaimRow& row) { conclude(counts, row); };
}

/// "A width that grows like n^2/gamma^2 is enough."
std::function<Refused()> without_its_last_term(Study& study) {
  return [counts = want_closed_form(study, WidthTerm::drift)]() -> Refused {
    Rejection rejection{Rejection::Kind::false_claim,
                        "the term with $n^3/\\gamma^3$ can be left out of (P.6)",
                        {},
                        ""};
    std::size_t fails = 0, instances = 0;
    for (const Handle<ClosedFormCount>& count : counts)
      fails += count->fails, instances += count->instances;
    if (fails > 0) rejection.caught_by = {"P-closed"};
    rejection.detail = fmt::format("(P.5) is false at {} of {} instances", fails, instances);
    return {rejection, {}};
  };
}

}  // namespace

Claim p_closed_claim() {
  return {
      .text =
          {.id = "P-closed",
           .title = "The width of Theorem P in closed form",
           .statement =
               "T1 and T2 hold with probability at least $1 - \\delta$ for every $p \\ge "
               "\\max(256 L^4, 576 (c/L_0^2)^2 b^2 n^2/\\gamma^2, 36 L_0^2 b^2 n^2/\\gamma^2, 5.5 "
               "w "
               "b^2 n^3/\\gamma^3)$, $L = \\sqrt{2 \\log(32 n/\\delta)}$, $b = \\sqrt{Y^2 + L_0^2} "
               "+ L_0 L$; $w$ and $c$ follow from $\\psi$.",
           .source = "ours, reports/docs/apriori.md",
           .premises = {"$\\psi$, $\\psi'$, $\\psi''$, $\\psi'''$ bounded",
                        "$|x_i| \\le 1$, $|y_i| \\le Y$",
                        "$0 < \\gamma \\le "
                        "\\lambda_{\\min}(\\bar G)$",
                        "$\\eta \\le 2/((n+2) L_0^2)$"},
           .conclusion =
               "condition (P.5) of Theorem P holds at this width and at larger ones, with "
               "$S = 1.6 b \\sqrt{n}/\\gamma$, and so does every step of the derivation",
           .constants = "none: proved on paper",
           .method =
               "Every bounded activation over a grid of $n$ up to 1000, $\\gamma$ down to $10^{-6} "
               "L_0^2$, $\\delta$ down to $10^{-12}$, $Y$ up to 100, at the width and at up to "
               "1000 "
               "times it; the worst $K$ with $|x_i| \\le 1$; in balls. A sample of instances: that "
               "it "
               "holds of all of them is proved on paper.",
           .falsifier = "An instance at which (P.5) is false."},
      .place = 105,
      .plan = plan,
      .false_claims = {{.place = 105, .plan = without_its_last_term}}};
}

}  // namespace alignproof::inline claims
