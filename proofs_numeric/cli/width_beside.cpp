// SPDX-License-Identifier: Apache-2.0
// What stands beside a sufficient width: other forms of it, the thresholds of the paper, what is
// seen.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/bounds/theorem_a_variants.hpp>
#include <alignproof/core/error.hpp>

#include "progress_bar.hpp"
#include "resources.hpp"
#include "shared_options.hpp"
#include "width.hpp"

namespace alignproof::cli {

using Ball = RealBall<Mpfr>;

double published_first(double n, double gamma, double delta) {
  return n * n / (delta * gamma * gamma);
}
double published_second(double n, double gamma) {
  const double c = std::pow(n / gamma, 4);
  double p = c;
  for (int k = 0; k < 200; ++k) p = std::max(c, c * std::log(p));
  return p;
}

double width_or_infinity(const std::optional<SufficientWidth>& width) {
  return width ? width->p : INFINITY;
}

double lower_double(const Ball& x) {
  return mpfr_get_d(x.lower().backend().data(), MPFR_RNDD);
}

namespace {

/// The width by norms alone, where the variant at hand is another one that can do without L3.
std::optional<AprioriVariant> norms_variant(const WidthProblem& problem) {
  if (through_beta(problem.rule) || !problem.apriori.psi.L2) return std::nullopt;
  return problem.apriori.k == 1 ? one_output_variant(problem.psi, DriftBound::norms)
                                : outputs_variant(problem.psi, DriftBound::norms);
}

}  // namespace

WidthsBeside widths_beside(const WidthOptions& options, const WidthProblem& problem) {
  const double eta = options.instance.eta, delta = options.delta, n = problem.apriori.n;
  WidthsBeside b;
  b.usual = width_or_infinity(
      width_sufficient(problem.apriori, eta, problem.variant, delta, usual_split()));
  if (const std::optional<AprioriVariant> norms = norms_variant(problem))
    b.norms = width_or_infinity(width_sufficient(problem.apriori, eta, *norms, delta));
  const double gamma = lower_double(problem.apriori.gamma);
  b.first = published_first(n, gamma, delta), b.second = published_second(n, gamma);
  const Smoothness<Ball>& psi = problem.apriori.psi;
  if (through_beta(problem.rule) || problem.apriori.k != 1 || !psi.L0 || !psi.L2 || !psi.L3) {
    b.no_closed = "for feedback alignment, one output, bounded psi alone";
    return b;
  }
  const double L0 = to_double(psi.L0->mid), step = 2 / ((n + 2) * L0 * L0);
  if (!(eta < step)) {
    b.no_closed = fmt::format("asks for eta < {:.6g} = 2/((n + 2) L0^2)", step);
    return b;
  }
  try {
    b.closed = closed_form_width(problem.psi, static_cast<std::size_t>(n), gamma, problem.bound_x,
                                 problem.bound_y, eta, delta);
  } catch (const InputError& error) {
    b.no_closed = error.what();
  }
  return b;
}

MeasuredWidth measured_width(const WidthOptions& options, const WidthProblem& problem) {
  ProgressBar bar("measure");
  NetworkSpec network = options.instance.network_spec();
  network.penalty = {};
  return measure_width(*problem.data, network, problem.rule, {1 - options.delta, measured_level},
                       {options.widths.begin(), options.widths.end()},
                       static_cast<std::size_t>(options.seeds), threads_for(options.jobs), bar);
}

}  // namespace alignproof::cli
