// SPDX-License-Identifier: Apache-2.0
// The sufficient width against delta and against the number of samples.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/linalg/ball_spectrum.hpp>
#include <alignproof/report/writers.hpp>

#include "output.hpp"
#include "width.hpp"

namespace alignproof::cli {

using Ball = RealBall<Mpfr>;

const std::vector<std::string> width_files{"width-delta.svg", "width-samples.svg", "widths.csv"};

namespace {

struct Curve {
  std::vector<double> x, sufficient, first, second;
};

/// Least-squares slope of log y on log x; nothing where fewer than two widths were found.
std::optional<double> exponent_of(const std::vector<double>& x, const std::vector<double>& y) {
  double sx = 0, sy = 0, sxx = 0, sxy = 0, m = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    if (!std::isfinite(y[k])) continue;
    const double a = std::log(x[k]), b = std::log(y[k]);
    sx += a, sy += b, sxx += a * a, sxy += a * b, m += 1;
  }
  if (m < 2) return std::nullopt;
  const double slope = (m * sxy - sx * sy) / (m * sxx - sx * sx);
  return std::abs(slope) < 1e-9 ? 0 : slope;  // of a constant: without a sign
}

Curve against_delta(const WidthOptions& options, const WidthProblem& problem) {
  Curve curve;
  const double n = problem.apriori.n, gamma = lower_double(problem.apriori.gamma);
  for (const double delta :
       {0.5, 0.2, 0.1, 0.03, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8, 1e-10, 1e-12}) {
    curve.x.push_back(1 / delta);
    curve.sufficient.push_back(width_or_infinity(
        width_sufficient(problem.apriori, options.instance.eta, problem.variant, delta)));
    curve.first.push_back(published_first(n, gamma, delta));
    curve.second.push_back(published_second(n, gamma));
  }
  return curve;
}

Array first_rows(const Array& array, std::size_t m) {
  Array part = array;
  part.shape[0] = m;
  part.values.resize(m * array.cols());
  return part;
}

/// Of the first m samples, or of m samples with the constants.
AprioriData<Ball> first_samples(const WidthOptions& options, const WidthProblem& problem,
                                std::size_t m) {
  if (!problem.data)
    return worst_data(problem.psi, m, *options.gamma, options.bound_x, options.bound_y);
  EnclosedKernel kernel = problem.kernel;
  const auto size = static_cast<Eigen::Index>(m);
  kernel.Gbar = BallMatrix<Mpfr>(Matrix<Mpfr>(problem.kernel.Gbar.mid.topLeftCorner(size, size)),
                                 Matrix<Mpfr>(problem.kernel.Gbar.rad.topLeftCorner(size, size)));
  const ExtremeBalls<Mpfr> spectrum = extreme_eigenvalues(kernel.Gbar);
  kernel.gamma = spectrum.min, kernel.largest = spectrum.max;
  return apriori_data(problem.psi, first_rows(problem.data->X, m), first_rows(problem.data->y, m),
                      kernel);
}

/// At most twenty numbers of samples up to all.
std::vector<std::size_t> sample_numbers(std::size_t n) {
  std::vector<std::size_t> numbers;
  for (std::size_t m = 1; m <= n; m = std::max(m + 1, m + (n > 20 ? m / 4 : 0)))
    numbers.push_back(m);
  if (numbers.back() != n) numbers.push_back(n);
  return numbers;
}

Curve against_samples(const WidthOptions& options, const WidthProblem& problem) {
  Curve curve;
  for (const std::size_t m : sample_numbers(static_cast<std::size_t>(problem.apriori.n))) {
    const AprioriData<Ball> apriori = first_samples(options, problem, m);
    if (!(options.instance.eta < largest_step(apriori, problem.rule))) continue;
    const double n = apriori.n, gamma = lower_double(apriori.gamma);
    curve.x.push_back(n);
    curve.sufficient.push_back(width_or_infinity(
        width_sufficient(apriori, options.instance.eta, problem.variant, options.delta)));
    curve.first.push_back(published_first(n, gamma, options.delta));
    curve.second.push_back(published_second(n, gamma));
  }
  return curve;
}

std::string words_of(const WidthOptions& options, const WidthProblem& problem) {
  return problem.data ? problem.data->name
                      : fmt::format("gamma >= {}, |x_i| <= {}, |y_i| <= {}", *options.gamma,
                                    options.bound_x, options.bound_y);
}

Figure width_figure(const std::string& id, const std::string& against, const std::string& caption,
                    const Curve& curve) {
  const auto series = [&](const std::string& name, Series::Style style,
                          const std::vector<double>& y) {
    const std::optional<double> exponent = exponent_of(curve.x, y);
    return Series{name + (exponent ? fmt::format(", exponent {:.2f}", *exponent) : ""), style,
                  curve.x, y};
  };
  return {id,
          "Widths that are sufficient",
          caption + " Exponents are least-squares slopes over the points shown.",
          against,
          "width $p$",
          true,
          true,
          {series("Theorem P", Series::Style::line_and_points, curve.sufficient),
           series("$n^2/(\\delta\\gamma^2)$", Series::Style::dashed, curve.first),
           series("$n^4 \\log p/\\gamma^4$", Series::Style::dashed, curve.second)}};
}

std::string width_table(const Curve& deltas, const Curve& samples, double n, double delta) {
  std::string csv = "n,delta,sufficient,first,second\n";
  for (std::size_t k = 0; k < deltas.x.size(); ++k)
    csv += fmt::format("{},{},{},{},{}\n", n, 1 / deltas.x[k], deltas.sufficient[k],
                       deltas.first[k], deltas.second[k]);
  for (std::size_t k = 0; k < samples.x.size(); ++k)
    csv += fmt::format("{},{},{},{},{}\n", samples.x[k], delta, samples.sufficient[k],
                       samples.first[k], samples.second[k]);
  return csv;
}

}  // namespace

void write_width_figures(const WidthOptions& options, const WidthProblem& problem) {
  const Curve deltas = against_delta(options, problem), samples = against_samples(options, problem);
  const std::string of = fmt::format("{}, {}, $\\eta = {}$", words_of(options, problem),
                                     to_string(problem.psi), options.instance.eta);
  write_files(options.out,
              {{"width-delta.svg",
                to_svg_file(width_figure("width-delta", "$1/\\delta$", of + ".", deltas))},
               {"width-samples.svg",
                to_svg_file(width_figure(
                    "width-samples", "samples $n$",
                    fmt::format("{}, $\\delta = {}$: the first $n$ samples.", of, options.delta),
                    samples))},
               {"widths.csv", width_table(deltas, samples, problem.apriori.n, options.delta)}});
}

}  // namespace alignproof::cli
