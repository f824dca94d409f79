// SPDX-License-Identifier: Apache-2.0
// T1: at every step the error shrinks at least by the factor 1 - eta gamma / 4, gamma being the
// smallest eigenvalue of the limit kernel. How much faster does it shrink really?
#include <algorithm>
#include <cstdio>

#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/network/data.hpp>

int main() {
  using namespace alignproof;
  const Data data = make_data({Inputs::sphere, Targets::linear, 5, 50});
  NetworkSpec network;
  network.p = 2048;
  network.steps = 150;
  const Instance instance = make_instance(data, network);
  const Problem<double> problem = problem_from<double>(instance);
  const double gamma = limit_kernel(instance.activation, instance.X).gamma;
  const double bound = 1 - problem.eta * gamma / 4;

  KernelState<double> state = initial_kernel(problem, instance);
  double before = 0, worst = 0;
  run(problem, state, instance.steps, true_step<double>(),
      [&](std::size_t t, const auto&, const Forward<double>& at) {
        const double e = at.e.norm();
        if (t > 0) worst = std::max(worst, e / before);
        if (t % 30 == 0) std::printf("t = %3zu   |e| = %.3e\n", t, e);
        before = e;
        return true;
      });
  std::printf("largest |e(t+1)|/|e(t)| = %.5f, T1 promises %.5f, the limit rate is %.5f\n", worst,
              bound, 1 - problem.eta * gamma);
  return worst <= bound ? 0 : 1;
}
