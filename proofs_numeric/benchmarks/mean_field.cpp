// SPDX-License-Identifier: Apache-2.0
// The alignment law for every activation: 10^5 quasi-random particles of n = 6 samples up to slow
// time 2, and what its error estimate costs on top.
#include <benchmark/benchmark.h>

#include <cmath>

#include <fmt/format.h>

#include <alignproof/mean_field/law.hpp>

namespace {

using namespace alignproof;

/// Samples of norm sqrt 2 in general position, and targets of one output.
LawData six_samples() {
  Matrix<double> X(6, 8), Y(6, 1);
  for (Eigen::Index i = 0; i < 6; ++i) {
    for (Eigen::Index j = 0; j < 8; ++j)
      X(i, j) = std::cos(static_cast<double>(2 + 5 * i + 3 * j * j + i * j));
    X.row(i) *= std::sqrt(2.0) / X.row(i).norm();
    Y(i, 0) = std::sin(static_cast<double>(1 + 2 * i));
  }
  return {X * X.transpose(), Y};
}

/// On state.range(0) threads; with the error if state.range(1).
void mean_field(benchmark::State& timer, const Activation& psi) {
  const LawData data = six_samples();
  LawOptions options;
  options.jobs = static_cast<std::size_t>(timer.range(0));
  options.estimate_error = timer.range(1) != 0;
  const Cloud cloud = quasi_random_cloud(data.K, 1, 100000, 1);
  FieldPoint last;
  for (auto _ : timer) last = mean_field_law(data, psi, cloud, {}, {2}, options).back();
  timer.SetLabel(fmt::format("{} particles, cosine {:.4f}, error {:.0e}", cloud.a.rows(),
                             last.cosine, last.error_estimate));
}

#define MEAN_FIELD(psi)                               \
  BENCHMARK_CAPTURE(mean_field, psi, Activation::psi) \
      ->ArgsProduct({{1, 2}, {0, 1}})                 \
      ->ArgNames({"threads", "error"})                \
      ->MeasureProcessCPUTime()                       \
      ->UseRealTime()                                 \
      ->Unit(benchmark::kMillisecond)
MEAN_FIELD(tanh);
MEAN_FIELD(relu);
MEAN_FIELD(sigmoid);
MEAN_FIELD(erf);

void quasi_random_particles(benchmark::State& timer) {
  const LawData data = six_samples();
  for (auto _ : timer) benchmark::DoNotOptimize(quasi_random_cloud(data.K, 1, 100000, 1).a.data());
}
BENCHMARK(quasi_random_particles)->Unit(benchmark::kMillisecond);

}  // namespace
