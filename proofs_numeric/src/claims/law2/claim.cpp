// SPDX-License-Identifier: Apache-2.0
// law2: the alignment law of isometric data in closed form.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/summary.hpp>
#include <alignproof/random/normal.hpp>

#include "claims/laws/checks.hpp"
#include "claims/laws/exponents.hpp"
#include "claims/laws/sizes.hpp"

namespace alignproof::inline claims {

namespace {

constexpr double allowed = 1e-12;  ///< |solver - closed form|

/// The solver against the closed form, at random gamma, lambda, y and tau.
std::vector<LawCheck> closed_form_checks(std::uint64_t seed, std::size_t cases) {
  std::vector<LawCheck> checks;
  const auto log_uniform = [&](std::size_t k, std::uint32_t column, double low, double high) {
    const double u = uniform(seed, Stream::choice, static_cast<std::uint32_t>(k), column);
    return low * std::pow(high / low, u);
  };
  for (std::size_t k = 0; k < cases; ++k) {
    const double gamma = log_uniform(k, 1, 0.01, 100), lambda = log_uniform(k, 2, 0.01, 100);
    const double y_norm = log_uniform(k, 3, 0.1, 10), tau = log_uniform(k, 4, 0.01, 1e4);
    const Eigen::Index n = 1 + static_cast<Eigen::Index>(k % 5);
    Vector<double> y(n);
    for (Eigen::Index i = 0; i < n; ++i)
      y(i) = standard_normal(seed, Stream::choice, static_cast<std::uint32_t>(k),
                             static_cast<std::uint32_t>(10 + i));
    y *= y_norm / y.norm();
    const LawPoint point =
        alignment_law(gamma * Matrix<double>::Identity(n, n), y, lambda, std::vector{tau}).back();
    checks.push_back({.name = fmt::format("gamma={:.3g} lambda={:.3g} |y|={:.3g} tau={:.3g}", gamma,
                                          lambda, y_norm, tau),
                      .replay = "",
                      .expected = isometric_cosine(gamma, lambda, y_norm, tau),
                      .measured = point.cosine,
                      .allowed = allowed});
  }
  return checks;
}

void conclude(const Profile& profile, const LawRecord& record, const LawChecks& checks,
              ClaimRow& row) {
  conclude_exponents(profile,
                     {{record.name() + ", $|\\cos - $closed form$|$", &record, &record.gap}}, row);
  const LawCheck closest = conclude_checks({checks}, row);
  row.measurements.push_back({"largest |solver - closed form|",
                              std::abs(closest.measured - closest.expected), std::nullopt,
                              "declared 1e-12; " + closest.name});
}

Conclusion plan(Study& study) {
  const Settings& settings = study.settings();
  const LawSizes sizes = law_sizes(study.profile());
  const Handle<LawRecord> record = want_isometric(study);
  const Handle<LawChecks> checks = want_checks(
      study, "solver against closed form", LawChecks::Of::law,
      1e4 * static_cast<double>(sizes.cases),
      [seed = settings.seed, cases = sizes.cases] { return closed_form_checks(seed, cases); });
  return [profile = study.profile(), record, checks](ClaimRow& row) {
    conclude(profile, *record, *checks, row);
  };
}

// ---------------------------------------------------------------- figures

Figure course_figure(const LawRecord& record) {
  const LawCase& c = record.law_case;
  Figure figure{"alignment-law",
                "The alignment law, and runs that approach it as the width grows",
                fmt::format("{}, $\\lambda = {}$, $\\eta = {}$, one initialisation a width.",
                            c.name, c.lambda, c.eta),
                "slow time $\\tau = \\eta t/\\sqrt{p}$",
                "$\\cos(b, \\beta)$",
                false,
                false,
                {}};
  Series law{"law, $p \\to \\infty$", Series::Style::line, {}, {}};
  for (const LawPoint& point : record.course)
    law.x.push_back(point.tau), law.y.push_back(point.cosine);
  figure.series = {law};
  for (std::size_t w = 0; w < record.widths.size(); w += 2)
    figure.series.push_back({fmt::format("$p = {:.0f}$", record.widths[w]), Series::Style::points,
                             law.x, record.cosine[w]});
  return figure;
}

/// Every law that the study looks at, in the order of their names.
Figure order_figure(std::vector<Handle<LawRecord>> laws, std::size_t runs) {
  std::sort(laws.begin(), laws.end(),
            [](const auto& a, const auto& b) { return a->name() < b->name(); });
  Figure figure{"alignment-law-order",
                "Finite width is of order $p^{-1/2}$ away from the law",
                "Medians over tuples of $\\sup |\\cos - $law$|$ over the later half of a run. The "
                "dashed line has slope $-1/2$ through the first point.",
                "width $p$",
                "",
                true,
                true,
                {}};
  for (const Handle<LawRecord>& law : laws) {
    Series series{law->name(), Series::Style::line_and_points, law->widths, {}};
    for (const auto& width : by_tuple(law->gap, runs)) series.y.push_back(quantile_of(width, 0.5));
    figure.series.push_back(series);
  }
  return figure;
}

void add_guide(const std::vector<double>& widths, Figure& figure) {
  Series guide{"slope $-1/2$", Series::Style::dashed, widths, {}};
  for (double p : widths)
    guide.y.push_back(figure.series.front().y.front() * std::sqrt(widths.front() / p));
  figure.series.push_back(guide);
}

std::function<std::vector<Figure>()> plan_figures(Study& study) {
  return [&study, isometric = want_isometric(study)] {
    const std::size_t runs = law_sizes(study.profile()).runs;
    Figure order = order_figure(study.asked_for<LawRecord>(), runs);
    add_guide(isometric->widths, order);
    return std::vector{course_figure(*isometric), order};
  };
}

}  // namespace

Claim law2_claim() {
  return {
      .text = {.id = "law2",
               .title = "Closed form for isometric data",
               .statement = "$K = \\gamma I$: $\\gamma z^3/3 + (\\lambda + \\gamma)z = "
                            "\\lambda\\sqrt{\\gamma}|y|\\tau$ and $\\cos = z/\\sqrt{1 + z^2}$.",
               .source = law_source,
               .premises = law_premises(),
               .conclusion = "$|\\cos - $closed form$|$ is of order $p^{-1/2}$; the solver of the "
                             "law agrees with it to $10^{-12}$",
               .constants = "none",
               .method = "Exponent in $p$ as for law1; the solver at random $\\gamma$, "
                         "$\\lambda$, $y$, $\\tau$.",
               .falsifier = "An exponent significantly above the margin, or a difference above "
                            "$10^{-12}$."},
      .place = 130,
      .plan = plan,
      .figures = {{.place = 50, .plan = plan_figures}}};
}

}  // namespace alignproof::inline claims
