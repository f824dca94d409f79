// SPDX-License-Identifier: Apache-2.0
// T3: a penalty that is kept for a while and then cut aligns a linear network; the error converges
// after the cut and the alignment stays.
#include <cmath>
#include <cstdio>

#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/network/data.hpp>

int main() {
  using namespace alignproof;
  const Data data = make_data({Inputs::isometric, Targets::linear, 5, 5});
  NetworkSpec network;
  network.p = 1000;
  network.activation = Activation::identity;
  network.penalty = {1.0, 280};  // slow time eta T / sqrt(p) = 1.8
  network.steps = 400;
  const Instance instance = make_instance(data, network);
  const Problem<double> problem = problem_from<double>(instance);
  KernelState<double> state = initial_kernel(problem, instance);
  double at_cut = 0, at_end = 0, e = 0;
  run(problem, state, instance.steps, true_step<double>(),
      [&](std::size_t t, const KernelState<double>& now, const Forward<double>& at) {
        at_end = cosine(problem.b, now.beta);
        e = at.e.norm();
        if (t == 280) at_cut = at_end;
        if (t % 80 == 0)
          std::printf("t = %3zu   lambda = %g   |e| = %.2e   cos(b, beta) = %+.4f\n", t,
                      problem.penalty(t), e, at_end);
        return true;
      });
  std::printf("cosine %.4f at the cut, %.4f at the end, where |e| = %.1e\n", at_cut, at_end, e);
  return at_end > 0.5 && std::abs(at_end - at_cut) < 0.05 && e < 1e-6 ? 0 : 1;
}
