// SPDX-License-Identifier: Apache-2.0
// What a user of the library writes: one run, and whether its error fell.
#include <cstdio>

#include <alignproof/dynamics/run.hpp>
#include <alignproof/network/data.hpp>

int main() {
  using namespace alignproof;
  const Instance instance = make_instance(make_data({}), {});
  const Problem<double> problem = problem_from<double>(instance);
  KernelState<double> state = initial_kernel(problem, instance);
  double first = 0, last = 0;
  run(problem, state, instance.steps, true_step<double>(),
      [&](std::size_t t, const KernelState<double>&, const Forward<double>& at) {
        (t == 0 ? first : last) = at.e.norm();
        return true;
      });
  std::printf("|e| fell from %g to %g\n", first, last);
  return last < 1e-3 * first ? 0 : 1;
}
