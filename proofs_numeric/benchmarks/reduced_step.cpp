// SPDX-License-Identifier: Apache-2.0
// The reduced form of linear networks: a step at n=50 whatever the width is, the authors' linear
// experiment, and the limit kernel to 30 enclosed digits.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>

#include <alignproof/core/parallel.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/network/data.hpp>

namespace {

using namespace alignproof;

Data published_data(std::uint64_t seed, double input_scale) {
  DataSpec spec;
  spec.inputs = Inputs::gaussian, spec.n = 50, spec.d = 150, spec.seed = seed;
  spec.activation = Activation::identity, spec.input_scale = input_scale;
  return make_data(spec);
}

/// Forward values and the update, as in a run, at width 10^state.range(0).
template <class Real>
void reduced_step(benchmark::State& timer) {
  NetworkSpec network;
  network.activation = Activation::identity, network.eta = 0.01, network.penalty.lambda = 1;
  network.p = static_cast<std::size_t>(std::pow(10, timer.range(0)));
  const auto problem = reduced_problem<Real>(sample_linear_network(published_data(1, 1), network));
  ReducedState<Real> state = initial_reduced(problem);
  ReducedForward<Real> at;
  std::size_t t = 0;
  for (auto _ : timer) {
    forward(problem, state, at);
    step(problem, at, t++, state);
    benchmark::DoNotOptimize(state.s.data());
    if (t == 1000) state = initial_reduced(problem), t = 0;
  }
  timer.SetLabel("n=50");
}

void limit_kernel_30_digits(benchmark::State& timer) {
  const Data data = published_data(1, std::sqrt(150.0));
  for (auto _ : timer)
    benchmark::DoNotOptimize(enclose_limit_kernel(Activation::tanh, data.X, 30).digits);
}

BENCHMARK(reduced_step<double>)->Arg(2)->Arg(4)->Arg(8)->Arg(12)->Unit(benchmark::kMicrosecond);
BENCHMARK(reduced_step<float>)->Arg(4)->Unit(benchmark::kMicrosecond);
BENCHMARK(limit_kernel_30_digits)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
