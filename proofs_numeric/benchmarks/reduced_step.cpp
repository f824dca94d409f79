// SPDX-License-Identifier: Apache-2.0
// The reduced form of linear networks: a step at n=50 whatever the width is, the authors' linear
// experiment, and the limit kernel to 30 enclosed digits.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>

#include <alignproof/core/parallel.hpp>
#include <alignproof/dynamics/reduced_instances.hpp>
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

/// How the authors end a run: N = round(floor(5000 sqrt p) / 14) steps at least; every 1000 steps
/// the mean-square loss is compared with the one before, and once it has moved by less than 1e-3
/// the run may end.
double authors_run(const Data& data, std::size_t p, double penalty, std::uint64_t seed) {
  const double n = 50, rate = 1e-3;
  NetworkSpec network;
  network.activation = Activation::identity, network.p = p, network.seed = seed;
  // Their loss is |e|^2 / n with gradient step `rate`, their penalty's gradient reg beta.
  network.eta = 2 * rate / n, network.penalty.lambda = penalty * n / 2;
  const auto problem = reduced_problem<double>(sample_linear_network(data, network));
  ReducedState<double> state = initial_reduced(problem);
  const auto least = static_cast<std::size_t>(
      std::llround(std::floor(5000 * std::sqrt(static_cast<double>(p))) / 14));
  double loss = 0, aligned = 0;
  bool settled = false;
  run(problem, state, 10 * least,
      [&](std::size_t t, const ReducedState<double>& now, const ReducedForward<double>& at) {
        if (t % 1000 == 999 && !settled) {
          const double next = at.e.squaredNorm() / n;
          settled = std::abs(next - loss) < 1e-3;
          loss = next;
        }
        if (!settled || t < least) return true;
        aligned = cosine(problem, now, at);
        return false;
      });
  return aligned;
}

/// 7 widths, 4 penalties, 50 seeds, on two threads; x ~ N(0, I_150), y = X w*, each run its own.
void authors_experiment(benchmark::State& timer) {
  constexpr double penalties[] = {0, 0.2, 0.3, 0.5};
  const double scale = std::sqrt(150.0);  // Inputs::gaussian has rows N(0, I/d)
  for (auto _ : timer) {
    std::vector<double> cosines(7 * 4 * 50);
    parallel_for(cosines.size(), 2, [&](std::size_t k) {
      const std::size_t width = 200u << (6 - k / 200);
      cosines[k] = authors_run(published_data(1 + k, scale), width, penalties[k % 4], 1 + k);
    });
    benchmark::DoNotOptimize(cosines.data());
  }
}

void limit_kernel_30_digits(benchmark::State& timer) {
  const Data data = published_data(1, std::sqrt(150.0));
  for (auto _ : timer)
    benchmark::DoNotOptimize(enclose_limit_kernel(Activation::tanh, data.X, 30).digits);
}

BENCHMARK(reduced_step<double>)->Arg(2)->Arg(4)->Arg(8)->Arg(12)->Unit(benchmark::kMicrosecond);
BENCHMARK(reduced_step<float>)->Arg(4)->Unit(benchmark::kMicrosecond);
BENCHMARK(authors_experiment)->Iterations(1)->Unit(benchmark::kSecond)->UseRealTime();
BENCHMARK(limit_kernel_30_digits)->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
