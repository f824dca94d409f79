// SPDX-License-Identifier: Apache-2.0
// law1: the alignment law for every K. Derivation: reports/docs/alignment_law.md.
#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>

#include "claims/laws/exponents.hpp"
#include "claims/laws/sizes.hpp"

namespace alignproof::inline claims {

namespace {

void conclude(const Profile& profile, const std::vector<Handle<LawRecord>>& records,
              ClaimRow& row) {
  std::vector<GapExponent> exponents;
  for (const Handle<LawRecord>& each : records) {
    const LawRecord& record = *each;
    const LawCase& c = record.law_case;
    exponents.push_back({c.name + ", $|\\cos - $law$|$", &record, &record.gap});
    if (c.steps_after > 0)
      exponents.push_back({c.name + ", after a cut", &record, &record.gap_after});
    row.measurements.push_back(
        {"law: " + c.name, record.end().cosine, std::nullopt,
         fmt::format("at $\\tau = {}$; {:.6f} after a cut", c.tau, record.end().cosine_after_cut)});
  }
  conclude_exponents(profile, exponents, row);
}

Conclusion plan(Study& study) {
  const LawSizes sizes = law_sizes(study.profile());
  std::vector<Handle<LawRecord>> records;
  for (const LawCase& c : general_cases(study.settings()))
    records.push_back(want_law(study, c, sizes.widths, sizes.seeds()));
  return [profile = study.profile(), records](ClaimRow& row) { conclude(profile, records, row); };
}

}  // namespace

Claim law1_claim() {
  return {
      .text =
          {.id = "law1",
           .title = "The alignment law for every K",
           .statement =
               "On the slow time $\\tau = \\eta t/\\sqrt{p}$, as $p \\to \\infty$: "
               "$d\\sigma/d\\tau = e = -\\lambda(\\lambda I + K + \\zeta\\zeta^T)^{-1}y$ with "
               "$\\zeta = K\\sigma$, and $\\cos(b, \\beta) = q/\\sqrt{e^T K e + q^2}$, $q = "
               "\\zeta^T e$; after a cut the same with $e = -(K + \\zeta\\zeta^T)^{-1}y$.",
           .source = law_source,
           .premises = law_premises(),
           .conclusion = "$|\\cos - $law$|$ is of order $p^{-1/2}$ over the later half of the slow "
                         "time, when $\\beta(0)$ is forgotten",
           .constants = "not explicit; the rate is proved",
           .method =
               "Runs of the reduced form with Wishart initialisation at widths up to the largest "
               "of the profile; exact interval of the median slope against a margin of half the "
               "exponent. Three kernels: unit sphere, an ill-conditioned and a numerically "
               "singular K.",
           .falsifier = "An exponent significantly above $-1/2$ plus the margin."},
      .place = 120,
      .plan = plan};
}

}  // namespace alignproof::inline claims
