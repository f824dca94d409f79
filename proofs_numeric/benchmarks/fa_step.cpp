// SPDX-License-Identifier: Apache-2.0
// One step of feedback alignment at the size of the published simulations: tanh, n=50, d=150,
// p=12800; and tanh itself.
#include <benchmark/benchmark.h>
#include <cblas.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <alignproof/dynamics/fused.hpp>
#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/network/data.hpp>
#include <alignproof/network/vector_tanh.hpp>

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

/// The instructions of state.range(1); nothing, and the benchmark is skipped, where the processor
/// does not have them.
std::optional<Instructions> chosen(benchmark::State& timer, std::int64_t which) {
  const auto instructions = static_cast<Instructions>(which);
  const auto available = available_instructions();
  if (std::find(available.begin(), available.end(), instructions) != available.end())
    return instructions;
  timer.SkipWithError("not on this processor");
  return std::nullopt;
}

/// The same step in one pass, on state.range(0) threads.
template <class Real>
void fused_step(benchmark::State& timer) {
  const Problem<Real> problem = problem_from<Real>(published_size());
  const auto instructions = chosen(timer, timer.range(1));
  if (!instructions) return;
  FusedRun<Real> run(problem, initial_kernel(problem, published_size()), {}, *instructions);
  for (auto _ : timer) run.advance(10, static_cast<std::size_t>(timer.range(0)));
  timer.SetLabel(std::string(to_string(*instructions)) + ", ten steps, tanh n=50 d=150 p=12800");
}

/// What a step cannot do without, ten times: OpenBLAS's product of p x n and n x n, and the vector
/// tanh of p n entries, one thread. The floor of fused_step.
template <class Real>
void fused_floor(benchmark::State& timer) {
  constexpr int p = 12800, n = 50;
  const auto instructions = chosen(timer, timer.range(0));
  if (!instructions) return;
  openblas_set_num_threads(1);
  std::vector<Real> N(p * n, Real(1e-3)), K(n * n, Real(1e-3)), A(p * n, Real(0.5)), Psi(p * n);
  for (auto _ : timer)
    for (int step = 0; step < 10; ++step) {
      if constexpr (std::is_same_v<Real, double>)
        cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, p, n, n, -1, N.data(), p, K.data(),
                    n, 1, A.data(), p);
      else
        cblas_sgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, p, n, n, -1, N.data(), p, K.data(),
                    n, 1, A.data(), p);
      fused_activation(Activation::tanh, A.data(), Psi.data(), A.size(), *instructions);
      benchmark::DoNotOptimize(Psi.data());
    }
  timer.SetLabel(std::string(to_string(*instructions)) + ", product and tanh of ten steps");
}

std::vector<double> some_numbers() {
  std::vector<double> a(100000);
  for (std::size_t i = 0; i < a.size(); ++i)
    a[i] = 6 * (std::fmod(static_cast<double>(i) * 0.6180339887498949, 1.0)) - 3;
  return a;
}

void tanh_vector(benchmark::State& timer) {
  const std::vector<double> a = some_numbers();
  std::vector<double> values(a.size());
  for (auto _ : timer) {
    vector_tanh(a.data(), values.data(), a.size());
    benchmark::DoNotOptimize(values.data());
  }
  timer.SetItemsProcessed(timer.iterations() * static_cast<std::int64_t>(a.size()));
}

void tanh_libm(benchmark::State& timer) {
  const std::vector<double> a = some_numbers();
  std::vector<double> values(a.size());
  for (auto _ : timer) {
    for (std::size_t i = 0; i < a.size(); ++i) values[i] = std::tanh(a[i]);
    benchmark::DoNotOptimize(values.data());
  }
  timer.SetItemsProcessed(timer.iterations() * static_cast<std::int64_t>(a.size()));
}

BENCHMARK(tanh_vector)->Unit(benchmark::kMicrosecond);
BENCHMARK(tanh_libm)->Unit(benchmark::kMicrosecond);
// Threads 1, 2; instructions avx2, avx512.
void step_arguments(benchmark::internal::Benchmark* b) {
  b->ArgsProduct({{1, 2}, {1, 2}})->Unit(benchmark::kMillisecond)->UseRealTime();
}
BENCHMARK(fused_step<double>)->Apply(step_arguments);
BENCHMARK(fused_step<float>)->Apply(step_arguments);
BENCHMARK(fused_floor<double>)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);
BENCHMARK(fused_floor<float>)->Arg(1)->Arg(2)->Unit(benchmark::kMillisecond);
BENCHMARK(fa_step<double, KernelState>)->Unit(benchmark::kMillisecond);
BENCHMARK(fa_step<double, WeightState>)->Unit(benchmark::kMillisecond);
BENCHMARK(fa_step<float, KernelState>)->Unit(benchmark::kMillisecond);

}  // namespace
