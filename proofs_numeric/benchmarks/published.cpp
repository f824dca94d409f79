// SPDX-License-Identifier: Apache-2.0
// The published experiments as a whole, on two threads: the figure of linear networks (7 widths x 4
// penalties x 50 seeds), and one cell of tanh at p = 3200 (50 seeds). The same runs in PyTorch:
// peer/published_run.py.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <string_view>

#include <alignproof/core/error.hpp>
#include <alignproof/core/parallel.hpp>
#include <alignproof/sweeps/sweep.hpp>

namespace {

using namespace alignproof;

Sweep ready(std::string_view name) {
  for (const auto& [known, text] : ready_sweeps())
    if (known == name) return read_sweep(text, "full");
  throw InputError("sweep", std::string(name), "a ready one");
}

void run_all(benchmark::State& timer, const Sweep& sweep) {
  Progress silent;
  for (auto _ : timer) benchmark::DoNotOptimize(execute(sweep, 2, silent));
  timer.SetLabel(std::to_string(sweep.runs.size()) + " runs");
}

void published_linear(benchmark::State& timer) {
  run_all(timer, ready("alignment-linear"));
}

void published_tanh_cell(benchmark::State& timer) {
  Sweep sweep = ready("alignment-tanh");
  std::erase_if(sweep.runs, [](const RunSpec& run) {
    const auto& spec = std::get<RegressionSpec>(run);
    return spec.width != 3200 || spec.reg != 0.002;
  });
  run_all(timer, sweep);
}

BENCHMARK(published_linear)->Iterations(1)->Unit(benchmark::kSecond)->UseRealTime();
BENCHMARK(published_tanh_cell)->Iterations(1)->Unit(benchmark::kSecond)->UseRealTime();

}  // namespace
