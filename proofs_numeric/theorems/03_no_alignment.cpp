// SPDX-License-Identifier: Apache-2.0
// T2: without regularisation the largest cosine between b and beta(t) falls like 1/sqrt(p).
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/network/data.hpp>
#include <alignproof/statistics/fit.hpp>
#include <alignproof/statistics/tests.hpp>

int main() {
  using namespace alignproof;
  const Data data = make_data({Inputs::sphere, Targets::linear, 5, 20});
  std::vector<double> width;
  std::vector<std::vector<double>> cosines;
  for (std::size_t p : {128, 512, 2048}) {
    std::vector<double> largest;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      NetworkSpec network;
      network.p = p, network.seed = seed, network.steps = 100;
      const Instance instance = make_instance(data, network);
      const Problem<double> problem = problem_from<double>(instance);
      KernelState<double> state = initial_kernel(problem, instance);
      double sup = 0;
      run(problem, state, instance.steps, true_step<double>(),
          [&](std::size_t, const KernelState<double>& now, const auto&) {
            sup = std::max(sup, std::abs(cosine(problem.b, now.beta)));
            return true;
          });
      largest.push_back(sup);
    }
    width.push_back(static_cast<double>(p));
    cosines.push_back(largest);
    std::printf("p = %4zu   median sup |cos| = %.4f   sqrt(p) times it = %.2f\n", p,
                quantile(largest, 0.5), std::sqrt(static_cast<double>(p)) * quantile(largest, 0.5));
  }
  const MedianSlope law = median_slope(width, cosines, 0.025);
  std::printf("sup |cos| ~ p^%.2f, 95 %% interval [%.2f, %.2f]\n", law.exponent, law.lower,
              law.upper);
  return law.upper < -0.25 ? 0 : 1;  // it falls, and clearly faster than p^(-1/4)
}
