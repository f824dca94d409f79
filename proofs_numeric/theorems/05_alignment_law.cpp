// SPDX-License-Identifier: Apache-2.0
// The alignment law: a linear network of width 10^10 with a penalty follows, on the slow time
// tau = eta t / sqrt p, a differential equation that does not depend on p.
#include <cmath>
#include <cstdio>
#include <vector>

#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>
#include <alignproof/network/linear_network.hpp>

int main() {
  using namespace alignproof;
  const Data data = make_data({Inputs::sphere, Targets::linear, 5, 20, 1, Activation::identity});
  const Matrix<double> X = matrix_from<double>(data.X);
  const std::vector<double> times = {0.5, 1, 2, 4};
  const auto law = alignment_law(X * X.transpose(), vector_from<double>(data.y), 1.0, times);

  NetworkSpec spec;
  spec.p = 10000000000, spec.activation = Activation::identity;
  spec.eta = 0.2, spec.penalty.lambda = 1;
  const SlowRun run =
      run_on_slow_time(reduced_problem<double>(sample_linear_network(data, spec)), times, 2000);

  std::printf("   tau        law   p = 10^10\n");
  for (std::size_t k = 0; k < times.size(); ++k)
    std::printf("%6.1f  %9.6f   %9.6f\n", times[k], law[k].cosine, run.cosine[k]);
  std::printf("cut %.1f %9.6f   %9.6f\n", times.back(), law.back().cosine_after_cut, run.after_cut);
  return std::abs(law.back().cosine - run.cosine.back()) < 1e-3 ? 0 : 1;
}
