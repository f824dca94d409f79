// SPDX-License-Identifier: Apache-2.0
// One step of feedback alignment at the size of the published simulations: tanh, n=50, d=150,
// p=12800.
#include <benchmark/benchmark.h>

#include <type_traits>

#include <alignproof/dynamics/instances.hpp>
#include <alignproof/network/data.hpp>

namespace {

using namespace alignproof;

const Instance& published_size() {
  static const Instance instance = [] {
    NetworkSpec network;
    network.p = 12800;
    network.eta = 0.004;
    return make_instance(make_data({Inputs::gaussian, Targets::linear, 50, 150}), network);
  }();
  return instance;
}

/// Forward values and the update, as in a run.
template <class Real, template <class> class State>
void fa_step(benchmark::State& timer) {
  const Problem<Real> problem = problem_from<Real>(published_size());
  State<Real> state;
  if constexpr (std::is_same_v<State<Real>, KernelState<Real>>)
    state = initial_kernel(problem, published_size());
  else
    state = initial_weights<Real>(published_size());
  Forward<Real> at;
  for (auto _ : timer) {
    forward(problem, state, at);
    step(problem, at, 0, state);
    benchmark::DoNotOptimize(state.beta.data());
  }
  timer.SetLabel("tanh n=50 d=150 p=12800");
}

BENCHMARK(fa_step<double, KernelState>)->Unit(benchmark::kMillisecond);
BENCHMARK(fa_step<double, WeightState>)->Unit(benchmark::kMillisecond);
BENCHMARK(fa_step<float, KernelState>)->Unit(benchmark::kMillisecond);

}  // namespace
