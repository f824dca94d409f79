// SPDX-License-Identifier: Apache-2.0
// law7: networks of every activation follow the alignment law. Derivation:
// reports/docs/alignment_law_nonlinear.md.
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/summary.hpp>

#include "claims/law7/cases.hpp"
#include "claims/law7/wrong_laws.hpp"
#include "claims/laws/exponents.hpp"
#include "claims/mean_field/gap_exponents.hpp"
#include "claims/mean_field/nearer.hpp"
#include "claims/mean_field/sizes.hpp"

namespace alignproof::inline claims {

namespace {

using Records = std::vector<Handle<FieldRecord>>;

Records want_all(Study& study) {
  Records records;
  for (const FieldCase& c : followed_cases(study.settings()))
    records.push_back(want_followed(study, c));
  return records;
}

void conclude(const Profile& profile, const Records& records, ClaimRow& row) {
  std::vector<FieldGap> all;
  for (const Handle<FieldRecord>& each : records) {
    const FieldRecord& record = *each;
    const FieldCase& c = record.field_case;
    all.push_back({c.name + ", run $-$ law", &record, gaps(record), record.evaluator()});
    if (c.steps_after > 0)
      all.push_back({c.name + ", after a cut", &record, gaps_after(record), record.evaluator()});
    const FieldPoint& end = record.end();
    row.measurements.push_back(
        {"law: cosine, " + c.name, end.cosine, std::nullopt,
         fmt::format("$\\lambda = {}$, $\\tau = {}$, $|e|/|Y| = {:.4f}$; {:.6f} after a cut",
                     c.lambda, c.tau, end.error / record.y_norm(), end.cosine_after_cut)});
  }
  conclude_gaps(profile, all, row);
}

Conclusion plan(Study& study) {
  return [profile = study.profile(), records = want_all(study)](ClaimRow& row) {
    conclude(profile, records, row);
  };
}

// ---------------------------------------------------------------- false claims

/// "Networks follow the law with this term in another way."
std::function<Refused()> refuse_terms(Study& study, const std::string& name,
                                      const LawTerms& terms) {
  const FieldCase c = contradicting_case();
  const Handle<FieldRecord> record = want_followed(study, c);
  const Handle<std::vector<FieldPoint>> wrong =
      study.want(name, 1e6, [settings = study.settings(), c, terms] {
        return law_of_terms(terms, c.data, c.psi, evaluating_cloud(settings, c), c.lambda,
                            later_half(c.tau));
      });
  return [level = field_sizes(study.profile()).level, name, record, wrong] {
    return refuse_nearer({"law7", name, nearer_to(*record, *wrong), record->runs.back().size()},
                         level);
  };
}

std::function<Refused()> kernel_inside_the_product(Study& study) {
  return refuse_terms(study,
                      "units move as $da/d\\Lambda = \\psi'(a) \\circ (Kmb)$, with $K$ "
                      "inside the entry-wise product",
                      kernel_inside);
}

std::function<Refused()> first_layer_at_leading_order(Study& study) {
  return refuse_terms(study, "the kernel $H$ of the first layer stands beside $G$ at leading order",
                      first_layer_kept);
}

std::function<Refused()> cut_changes_nothing(Study& study) {
  const Handle<FieldRecord> record = want_followed(study, telling_case());
  return [level = field_sizes(study.profile()).level, record] {
    const std::size_t nearer = nearer_to_cosine_after_cut(*record, record->end().cosine);
    return refuse_nearer({"law7", "with tanh a cut leaves the cosine where it was", nearer,
                          record->runs.back().size()},
                         level);
  };
}

// ---------------------------------------------------------------- figure

Figure order_figure(const Records& records, std::size_t runs) {
  Figure figure{"alignment-law-activations",
                "Networks of every activation are of order $p^{-1/2}$ away from the law",
                "Medians over tuples of the largest distance of cosine and $|e|/|Y|$ over the "
                "later half of a run. The dashed line has slope $-1/2$ through the first point.",
                "width $p$",
                "",
                true,
                true,
                {}};
  for (const Handle<FieldRecord>& record : records) {
    Series series{record->name(), Series::Style::line_and_points, record->widths, {}};
    for (const auto& width : by_tuple(gaps(*record), runs))
      series.y.push_back(quantile_of(width, 0.5));
    figure.series.push_back(series);
  }
  const Series& first = figure.series.front();
  Series guide{"slope $-1/2$", Series::Style::dashed, first.x, {}};
  for (const double p : first.x)
    guide.y.push_back(first.y.front() * std::sqrt(first.x.front() / p));
  figure.series.push_back(guide);
  return figure;
}

std::function<std::vector<Figure>()> plan_figures(Study& study) {
  return [runs = field_sizes(study.profile()).runs, records = want_all(study)] {
    return std::vector{order_figure(records, runs)};
  };
}

}  // namespace

Claim law7_claim() {
  return {
      .text =
          {.id = "law7",
           .title = "The alignment law for every activation",
           .statement =
               "On $\\tau = \\eta t/\\sqrt{p}$, as $p \\to \\infty$, hidden units are independent "
               "particles: $da/d\\tau = -K(\\psi'(a) \\circ (eb))$, $a(0) \\sim N(0, K)$, $b \\sim "
               "N(0, I_k)$, with $e = -\\lambda m$, $m = (\\lambda + G)^{-1}Y$, $G = E\\psi(a)"
               "\\psi(a)^T$. With $\\phi = E\\psi(a)b^T$: $\\cos(b, \\beta) = tr(\\phi^T m)/"
               "\\sqrt{k\\,tr(m^T G m)}$; after a cut the same with $m = G^{-1}Y$.",
           .source = field_source,
           .premises = {"two-layer network, Gaussian initialisation, constant penalty on $\\beta$",
                        "$\\psi'$ bounded and Lipschitz: tanh, sigmoid, erf, softplus, gelu",
                        "$\\eta(\\lambda + \\lambda_{\\max}(G)) < 2$ along the law"},
           .conclusion = "cosine, signal angle ($k > 1$) and $|e|/|Y|$ of networks are at distance "
                         "$O(p^{-1/2})$ from the law once $\\beta(0)$ is forgotten, and so is the "
                         "cosine after a cut",
           .constants = "not explicit; the rate is proved",
           .method =
               "Networks at growing widths, $k = 1$ and $3$, with and without a cut, penalties "
               "from 0.5 (0.01 in the profiles standard and full) to 10, one $K$ numerically "
               "singular; exact interval of the median slope against a margin of half the "
               "exponent. The law by quadrature or quasi-random particles, whose error is at most "
               "a tenth of "
               "the gaps. relu is outside the theorem: it is measured beside it, numerically only, "
               "counts as no instance, and can make the row undecided, never refuted.",
           .falsifier = "An exponent significantly above $-1/2$ plus the margin."},
      .place = 172,
      .plan = plan,
      .false_claims = {{.place = 300, .plan = kernel_inside_the_product},
                       {.place = 310, .plan = first_layer_at_leading_order},
                       {.place = 320, .plan = cut_changes_nothing}},
      .figures = {{.place = 60, .plan = plan_figures}}};
}

}  // namespace alignproof::inline claims
