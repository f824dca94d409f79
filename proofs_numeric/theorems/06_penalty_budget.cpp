// SPDX-License-Identifier: Apache-2.0
// T1' and its boundary: a penalty lambda is kept for T steps and then cut. If eta lambda T is small
// against sqrt p the error decays after the cut as T1 says; if it is too large it does not,
// whatever the width. Where is the boundary, and how does it grow with p? Proof of a bound, and
// what these numbers say: reports/docs/penalty_budget.md. Two minutes.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/network/data.hpp>
#include <alignproof/statistics/fit.hpp>

namespace {

using namespace alignproof;

constexpr std::size_t tail = 400;  ///< steps that are followed after a cut

/// Whether some step after a cut at this state shrinks the error by less than `bound`.
bool decay_fails(Problem<double> problem, KernelState<double> state, double bound) {
  problem.penalty = Penalty{};
  double start = 0, before = 0;
  bool fails = false;
  run(problem, state, tail, true_step<double>(),
      [&](std::size_t t, const auto&, const Forward<double>& at) {
        const double e = at.e.norm();
        if (t == 0) start = e;
        fails = fails || (t > 0 && e > bound * before);
        before = e;
        return !fails && e > 1e-8 * start;  // below, rounding takes over
      });
  return fails;
}

/// The least eta lambda T, to 1 %, at which the decay fails after the cut: 0 if it does without a
/// penalty, infinity if it does not at the end of the run. States are kept at times that grow by
/// 1 % each, and bisected.
double least_failing_sum(const Instance& instance, double bound) {
  const Problem<double> problem = problem_from<double>(instance);
  KernelState<double> state = initial_kernel(problem, instance);
  std::vector<KernelState<double>> states;
  std::vector<double> sums;
  const double per_step = problem.eta * instance.penalty.lambda;
  run(problem, state, instance.steps, true_step<double>(),
      [&](std::size_t t, const KernelState<double>& now, const auto&) {
        const double sum = per_step * static_cast<double>(t);
        if (sums.empty() || sum >= 1.01 * sums.back()) states.push_back(now), sums.push_back(sum);
        return true;
      });
  std::size_t holds = 0, fails = states.size() - 1;
  if (decay_fails(problem, states[holds], bound)) return 0;
  if (!decay_fails(problem, states[fails], bound)) return INFINITY;
  while (fails - holds > 1) {
    const std::size_t middle = (holds + fails) / 2;
    (decay_fails(problem, states[middle], bound) ? fails : holds) = middle;
  }
  return sums[fails];
}

}  // namespace

int main() {
  DataSpec spec{Inputs::sphere, Targets::linear, 3, 30};
  spec.target_scale = 6;
  const Data data = make_data(spec);
  NetworkSpec network;
  network.eta = 0.5;
  network.penalty.lambda = 1;
  const double gamma = limit_kernel(network.activation, data.X).gamma;
  const double bound = 1 - network.eta * gamma / 4;
  std::printf("gamma = %.4f, T1 promises a factor of %.5f a step\n", gamma, bound);
  std::printf("least eta sum lambda after which it is broken: median of 9 seeds, least, largest\n");
  std::vector<double> log_widths, medians;
  for (network.p = 256; network.p <= 16384; network.p *= 2) {
    const double root = std::sqrt(static_cast<double>(network.p));
    network.steps = static_cast<std::size_t>(100 * root / network.eta);
    std::vector<double> least;
    for (network.seed = 1; network.seed <= 9; ++network.seed)
      least.push_back(least_failing_sum(make_instance(data, network), bound));
    std::sort(least.begin(), least.end());
    log_widths.push_back(std::log(static_cast<double>(network.p))), medians.push_back(least[4]);
    std::printf("p = %5zu   %7.1f %7.1f %7.1f   median over sqrt p: %.1f\n", network.p, least[4],
                least.front(), least.back(), least[4] / root);
  }
  std::printf("exponent of the median in p: %.3f\n", fit_log_slope(log_widths, medians));
}
