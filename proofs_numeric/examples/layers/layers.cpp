// SPDX-License-Identifier: Apache-2.0
// Every layer of the library in a few lines: the program of reports/docs/api.md.
#include <cstdio>
#include <string>

#include <alignproof/bounds/instantiations.hpp>
#include <alignproof/bounds/theorem_a.hpp>
#include <alignproof/certificates/producer.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/format/instance.hpp>
#include <alignproof/format/number.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/linalg/ball_spectrum.hpp>
#include <alignproof/mean_field/isometric.hpp>
#include <alignproof/network/data.hpp>
#include <alignproof/random/normal.hpp>
#include <alignproof/scalar/ball.hpp>
#include <alignproof/scalar/exact.hpp>
#include <alignproof/scalar/mpfr.hpp>
#include <alignproof/statistics/fit.hpp>
#include <alignproof/sweeps/sweep.hpp>

using namespace alignproof;

namespace {

void core_layer() {
  const Verdict one = Verdict::exact("64 steps"), two = Verdict::sampled("100 cases");
  std::printf("core: %s\n", worst({one, two}).text().c_str());
  try {
    throw InputError("eta", quoted(-1), "a finite number > 0");
  } catch (const InputError& error) {
    std::printf("core: %s\n", error.what());
  }
}

void format_layer() {
  std::printf("format: 0.2 is %s\n", to_hex(0.2).c_str());
  Penalty penalty;
  penalty.lambda = 1, penalty.cut = 3, penalty.decay = Decay::geometric, penalty.scale = 0.5;
  std::printf("format: lambda = %g %g %g %g\n", penalty(0), penalty(1), penalty(2), penalty(3));
}

void scalar_layer() {
  const ScopedDigits digits(50);  // of Mpfr, in this thread, until the end of the scope
  std::printf("scalar: %s\n", Mpfr(1 / Mpfr(3)).str(20).c_str());
  std::printf("scalar: exact arithmetic says that %s\n",
              Exact(1) / Exact(3) * Exact(3) == Exact(1) ? "3/3 = 1" : "3/3 is not 1");
  const RealBall<double> third = RealBall<double>(1) / RealBall<double>(3);
  std::printf("scalar: 1/3 lies in [%.17g, %.17g]\n", third.lower(), third.upper());
}

void random_layer() {
  std::printf("random: %.6f %.6f\n", standard_normal(1, Stream::W, 0, 0),
              standard_normal(1, Stream::W, 0, 1));
}

void linalg_layer() {
  Matrix<double> S(2, 2);
  S << 2, 1, 1, 2;
  const RealBall<double> least = extreme_eigenvalues(BallMatrix<double>(S)).min;
  std::printf("linalg: the least eigenvalue, about %.6f, is certainly positive: %s\n", least.mid,
              certainly_positive(least) ? "yes" : "no");
}

Instance network_layer() {
  const Data data = make_data({Inputs::sphere, Targets::linear, 3, 30});
  NetworkSpec network;
  network.p = 200, network.eta = 0.2, network.steps = 100, network.seed = 1;
  const Instance instance = make_instance(data, network);
  std::printf("network: %s; hash %s...\n", data.name.c_str(), hash(instance).substr(0, 8).c_str());
  return instance;
}

void kernels_layer(const Instance& instance) {
  const LimitKernel kernel = limit_kernel(instance.activation, instance.X);
  std::printf("kernels: %.12f <= gamma <= %.12f\n", kernel.gamma, kernel.gamma_upper);
}

KernelState<double> dynamics_layer(const Instance& instance) {
  const Problem<double> problem = problem_from<double>(instance);
  KernelState<double> state = initial_kernel(problem, instance);
  run(problem, state, instance.steps, true_step<double>(),
      [](std::size_t t, const KernelState<double>&, const Forward<double>& at) {
        if (t % 50 == 0) std::printf("dynamics: t = %zu, |e| = %.4e\n", t, at.e.norm());
        return true;  // go on
      });
  return state;
}

void mean_field_layer() {
  IsometricData data;
  data.gamma = 1, data.y = Vector<double>::Ones(4);
  for (const IsometricPoint& point : isometric_law(data, Activation::tanh, 1.0, {1, 2}))
    std::printf("mean_field: tau = %g, cosine %.6f\n", point.field.tau, point.field.cosine);
}

void bounds_layer(const Instance& instance, const KernelState<double>& state) {
  const Problem<double> problem = problem_from<double>(instance);
  Forward<double> at;
  forward(problem, state, at);
  if (const auto numbers = checkpoint_numbers(problem, at, state))
    std::printf("bounds: E = %.3e, M_min = %.4f\n", numbers->E, numbers->M_min);
}

void statistics_layer() {
  const Interval share = clopper_pearson(175, 175, 1e-8);
  std::printf("statistics: 175 of 175 say that the share is at least %.4f\n", share.lower);
}

void certificates_layer(const Instance& instance) {
  const Proposal proposal = propose_certificate(instance, {}, true_step<double>());
  if (proposal.certificate)
    std::printf("certificates: proposed at step %zu, rate %.4f\n", proposal.checkpoint,
                proposal.certificate->leg.statement.alpha);
  else
    std::printf("certificates: %s\n", proposal.obstacle.c_str());
}

void sweeps_layer() {
  RegressionSpec spec;
  spec.n = 5, spec.d = 20, spec.width = 100, spec.steps = 200;
  const RunResult result = execute(spec);
  std::printf("sweeps: loss %.4f after %zu steps\n", result.end.loss, result.end.t);
}

}  // namespace

int main() {
  core_layer();
  format_layer();
  scalar_layer();
  random_layer();
  linalg_layer();
  const Instance instance = network_layer();
  kernels_layer(instance);
  const KernelState<double> state = dynamics_layer(instance);
  mean_field_layer();
  bounds_layer(instance, state);
  statistics_layer();
  certificates_layer(instance);
  sweeps_layer();
}
