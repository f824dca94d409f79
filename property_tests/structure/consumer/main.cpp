// SPDX-License-Identifier: Apache-2.0
// What a user of the library writes: gamma of the data, and one run, whether its error fell.
#include <cstdio>

#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/network/data.hpp>

int main() {
  using namespace alignproof;
  const Instance instance = make_instance(make_data({}), {});
  // Made in the library, freed here.
  const LimitKernel limit = limit_kernel(instance.activation, instance.X);
  const Problem<double> problem = problem_from<double>(instance);
  KernelState<double> state = initial_kernel(problem, instance);
  double first = 0, last = 0;
  run(problem, state, instance.steps, true_step<double>(),
      [&](std::size_t t, const KernelState<double>&, const Forward<double>& at) {
        (t == 0 ? first : last) = at.e.norm();
        return true;
      });
  std::printf("gamma = %g; |e| fell from %g to %g\n", limit.gamma, first, last);
  return limit.gamma > 0 && last < 1e-3 * first ? 0 : 1;
}
