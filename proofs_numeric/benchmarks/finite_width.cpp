// SPDX-License-Identifier: Apache-2.0
// FMF(p) of one run of a published table: 50 samples in 150 dimensions, up to the slow time at
// which runs of that width end.
#include <benchmark/benchmark.h>

#include <cmath>
#include <string>

#include <alignproof/mean_field/finite_width.hpp>
#include <alignproof/network/data.hpp>

namespace {

using namespace alignproof;

void predicted_run(benchmark::State& timer, const char* name, double step, double reg) {
  DataSpec spec;
  spec.inputs = Inputs::gaussian, spec.targets = Targets::network;
  spec.n = 50, spec.d = 150, spec.seed = 1, spec.activation = Activation(name);
  const Data drawn = make_data(spec);
  const Matrix<double> X = matrix_from<double>(drawn.X);
  const LawData data{X * X.transpose(), matrix_from<double>(drawn.y)};
  const double p = static_cast<double>(timer.range(0)), eta = 2 * step / 50;
  FiniteWidthOptions options;
  options.tau = eta * std::floor(5000 * std::sqrt(p) / 14) / std::sqrt(p);
  std::size_t steps = 0;
  for (auto _ : timer) {
    const FiniteWidthCloud cloud =
        finite_width_cloud(data.K, 1, finite_width_units(spec.activation, 50), 1);
    const FiniteWidthCourse course =
        finite_width_law(data, spec.activation, {p, reg * 25, eta}, cloud, options);
    benchmark::DoNotOptimize(course.cosine.data());
    steps = course.tau.size();
  }
  timer.SetLabel(std::to_string(steps) + " steps");
}

BENCHMARK_CAPTURE(predicted_run, tanh, "tanh", 0.1, 0.002)
    ->Arg(200)
    ->Arg(12800)
    ->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(predicted_run, sigmoid, "sigmoid", 0.1, 0.003)
    ->Arg(12800)
    ->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(predicted_run, relu, "relu", 0.01, 0.05)->Arg(12800)->Unit(benchmark::kSecond);
BENCHMARK_CAPTURE(predicted_run, identity, "identity", 0.001, 0.3)
    ->Arg(12800)
    ->Unit(benchmark::kSecond);

}  // namespace
