// SPDX-License-Identifier: Apache-2.0
#include <alignproof/dynamics/law_widths.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>
#include <alignproof/linalg/decompositions.hpp>

namespace alignproof::inline dynamics {

LawSetting law_setting(Data data) {
  if (data.y.cols() != 1)
    throw InputError("outputs", fmt::format("{}", data.y.cols()), "1: the law has one output");
  const Matrix<double> X = matrix_from<double>(data.X);
  LawSetting setting{std::move(data), X * X.transpose(), {}};
  setting.y = vector_from<double>(setting.data.y);
  return setting;
}

LawSetting law_setting(const std::string& name, const Matrix<double>& K, const Array& y) {
  LawSetting setting{{}, K, vector_from<double>(y)};
  alignment_law(K, setting.y, 1, {});  // refuses what is no kernel
  const Eigensystem system = eigensystem(K);
  const Vector<double> roots = system.values.cwiseMax(0).cwiseSqrt();
  const Matrix<double> X = system.vectors * roots.asDiagonal();
  const auto n = static_cast<std::size_t>(K.rows());
  setting.data = {name, "", array_from(X), y};
  setting.data.X.shape = {n, n};
  return setting;
}

double isometric_gamma(const Matrix<double>& K) {
  const double gamma = K.trace() / static_cast<double>(K.rows());
  const Matrix<double> off = K - gamma * Matrix<double>::Identity(K.rows(), K.rows());
  return off.norm() <= 1e-12 * gamma ? gamma : 0;
}

std::vector<double> slow_times(double tau, std::size_t points) {
  std::vector<double> times;
  for (std::size_t k = 1; k <= points; ++k)
    times.push_back(tau * static_cast<double>(k) / static_cast<double>(points));
  return times;
}

bool WidthRuns::any_diverged() const {
  return std::any_of(runs.begin(), runs.end(), [](const auto& of_width) {
    return std::any_of(of_width.begin(), of_width.end(),
                       [](const SlowRun& run) { return run.diverged_at.has_value(); });
  });
}

WidthRuns run_widths(const LawSetting& setting, const LawWidths& widths,
                     const std::vector<double>& times, std::size_t jobs, Progress& progress) {
  const std::size_t seeds = widths.seeds, count = widths.widths.size();
  WidthRuns all;
  for (const std::size_t p : widths.widths) {
    all.p.push_back(static_cast<double>(p));
    all.runs.emplace_back(seeds);
  }
  const auto units = [&](std::size_t w) {
    return steps_until(times.empty() ? 0 : times.back(), widths.eta, all.p[w]) / 1000 + 1;
  };
  for (std::size_t w = 0; w < count; ++w) progress.expect(seeds * units(w));
  // The widest first: nobody waits for one long run at the end.
  parallel_for(count * seeds, jobs, [&](std::size_t k) {
    const std::size_t w = count - 1 - k / seeds, s = k % seeds;
    NetworkSpec spec;
    spec.activation = Activation::identity, spec.eta = widths.eta;
    spec.penalty.lambda = widths.lambda;
    spec.p = widths.widths[w];
    spec.seed = widths.seed * 1000000 + w * 100000 + s;
    all.runs[w][s] =
        run_on_slow_time(reduced_problem<double>(sample_linear_network(setting.data, spec)), times,
                         widths.steps_after);
    progress.advance(units(w));
  });
  return all;
}

double cosine_of(const SlowRun& run, LawCosine which) {
  return which == LawCosine::after_cut ? run.after_cut : run.cosine.back();
}

std::vector<std::vector<double>> gaps(const WidthRuns& runs, double law, LawCosine which) {
  std::vector<std::vector<double>> all;
  for (const auto& of_width : runs.runs) {
    all.emplace_back();
    for (const SlowRun& run : of_width)
      all.back().push_back(std::max(std::abs(cosine_of(run, which) - law), 0x1p-53));
  }
  return all;
}

}  // namespace alignproof::inline dynamics
