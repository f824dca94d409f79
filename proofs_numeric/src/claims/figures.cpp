// SPDX-License-Identifier: Apache-2.0
// The figures of a verification report.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "claims/series.hpp"
#include "common.hpp"

namespace alignproof {

namespace {

using Style = Series::Style;

Series envelope(std::string name, double E, double factor, std::size_t size) {
  Series s{std::move(name), Style::dashed, counting(size), {}};
  for (std::size_t t = 0; t < size; ++t)
    s.y.push_back(E * std::pow(factor, static_cast<double>(t)));
  return s;
}

Figure decay_figure(const Study& study) {
  const BatchResult& fa = study.result(overparameterised(study.settings()).front().name);
  const BatchResult& bp = study.result(backpropagated(study.settings()).front().name);
  const RunRecord& first = fa.records.front();
  const double eta_gamma = study.profile().eta * fa.gamma();
  Figure figure{"error-decay",
                "The error decays faster than the theorem promises",
                fmt::format("{}, tanh, $p = {}$, $\\eta = {}$, one initialisation.",
                            fa.batch.data.name, fa.batch.network.p, fa.batch.network.eta),
                "step $t$",
                "$|e(t)|$",
                false,
                true,
                {}};
  figure.series = {{"feedback alignment", Style::line, counting(first.error.size()), first.error},
                   {"backpropagation", Style::line, counting(bp.records.front().error.size()),
                    bp.records.front().error},
                   envelope("T1: $(1 - \\eta\\gamma/4)^t |e(0)|$", first.E0, 1 - eta_gamma / 4,
                            first.error.size()),
                   envelope("limit rate: $(1 - \\eta\\gamma)^t |e(0)|$", first.E0, 1 - eta_gamma,
                            first.error.size())};
  return figure;
}

Figure width_figure(const Study& study) {
  Figure figure{"widths",
                "Cosine and displacement against width",
                "0.9 quantiles over seeds, $\\lambda = 0$. The dashed lines have slope $-1/2$ "
                "through the first point of their curve.",
                "width $p$",
                "",
                true,
                true,
                {}};
  const auto add = [&](std::string name, const Quantity& quantity, bool guide) {
    Series s{std::move(name), Style::line_and_points, {}, {}};
    for (const Batch& batch : across_widths(study.settings())) {
      s.x.push_back(static_cast<double>(batch.network.p));
      s.y.push_back(quantile_of(values(study.result(batch.name), quantity), 0.9));
    }
    figure.series.push_back(s);
    if (!guide) return;
    Series line{"slope $-1/2$", Style::dashed, s.x, {}};
    for (double p : s.x) line.y.push_back(s.y.front() * std::sqrt(s.x.front() / p));
    figure.series.push_back(line);
  };
  add(
      "$\\sup_t |\\cos(b, \\beta(t))|$", [](const RunRecord& r) { return r.sup_cos; }, true);
  add(
      "$\\sup_t \\max_r |\\beta_r(t) - \\beta_r(0)|$",
      [](const RunRecord& r) { return r.beta_displacement; }, false);
  add(
      "$\\sup_t \\max_r |w_r(t) - w_r(0)|$", [](const RunRecord& r) { return r.w_displacement; },
      false);
  add(
      "$\\sup_t |\\beta(t) - \\beta(0)|$", [](const RunRecord& r) { return r.D; }, false);
  return figure;
}

}  // namespace

/// Old figures that a study that ran has the runs of.
std::vector<Figure> decay_figures(const Study& study) {
  if (!study.has(overparameterised(study.settings()).front().name) ||
      !study.has(backpropagated(study.settings()).front().name))
    return {};
  return {decay_figure(study)};
}
std::vector<Figure> width_figures(const Study& study) {
  if (!study.has(across_widths(study.settings()).front().name)) return {};
  return {width_figure(study)};
}

}  // namespace alignproof
