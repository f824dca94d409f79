// SPDX-License-Identifier: Apache-2.0
// One step of feedback alignment with proven bounds, against the plain step in doubles and the same
// step in MPFI's intervals of 53 bits: tanh, n=50, p=12800.
#include <benchmark/benchmark.h>
#include <mpfi.h>

#include <vector>

#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/dynamics/rigorous_step.hpp>
#include <alignproof/network/data.hpp>

namespace {

using namespace alignproof;

const Instance& published_size() {
  static const Instance instance = [] {
    NetworkSpec network;
    network.p = 12800;
    network.eta = 0.004;
    return make_instance(make_data({Inputs::gaussian, Targets::linear, 50, 150}), network);
  }();
  return instance;
}

constexpr const char* label = "tanh n=50 d=150 p=12800";

void plain_step(benchmark::State& timer) {
  const Problem<double> problem = problem_from<double>(published_size());
  KernelState<double> state = initial_kernel(problem, published_size());
  Forward<double> at;
  for (auto _ : timer) {
    forward(problem, state, at);
    step(problem, at, 0, state);
    benchmark::DoNotOptimize(state.beta.data());
  }
  timer.SetLabel(label);
}

/// From an exact state: the next one and its residuals.
void pseudo_step(benchmark::State& timer) {
  const auto problem = rigorous_problem_from<double>(published_size());
  const BallState<double> balls = initial_balls<double>(published_size());
  PseudoState<double> state{balls.A.mid, balls.beta.mid};
  RigorousForward<double> at;
  double rho_A = 0;
  for (auto _ : timer) {
    rigorous_forward(problem, state, at);
    rho_A = rigorous_step(problem, at, 0, state).rho_A;
    benchmark::DoNotOptimize(state.beta.data());
  }
  timer.counters["rho_A"] = rho_A;
  timer.SetLabel(label);
}

/// From balls to balls.
void ball_step(benchmark::State& timer) {
  const auto problem = rigorous_problem_from<double>(published_size());
  BallState<double> state = initial_balls<double>(published_size());
  RigorousForward<double> at;
  for (auto _ : timer) {
    rigorous_forward(problem, state, at);
    rigorous_step(problem, at, 0, state);
    benchmark::DoNotOptimize(state.beta.mid.data());
  }
  timer.SetLabel(label);
}

/// Intervals of 53 bits.
class Intervals {
 public:
  explicit Intervals(std::size_t size) : at_(size) {
    for (Entry& x : at_) mpfi_init2(x.value, 53);
  }
  ~Intervals() {
    for (Entry& x : at_) mpfi_clear(x.value);
  }
  Intervals(const Intervals&) = delete;
  Intervals& operator=(const Intervals&) = delete;
  mpfi_ptr operator[](std::size_t i) { return at_[i].value; }

 private:
  struct Entry {
    mpfi_t value;
  };
  std::vector<Entry> at_;
};

void mpfi_step(benchmark::State& timer) {
  const auto problem = rigorous_problem_from<double>(published_size());
  const BallState<double> balls = initial_balls<double>(published_size());
  const std::size_t n = problem.n(), p = problem.p();
  Intervals A(p * n), beta(p), K(n * n), y(n), b(p), e(n), Psi(p * n), N(n), scalars(5);
  mpfi_ptr rate = scalars[0], x = scalars[1], factor = scalars[2], back = scalars[3],
           product = scalars[4];
  for (std::size_t r = 0; r < p; ++r) {
    mpfi_set_d(beta[r], balls.beta.mid(r, 0));
    mpfi_set_d(b[r], problem.b(r, 0));
    for (std::size_t i = 0; i < n; ++i) mpfi_set_d(A[r * n + i], balls.A.mid(r, i));
  }
  for (std::size_t i = 0; i < n; ++i) {
    mpfi_set_d(y[i], problem.y(i, 0));
    for (std::size_t j = 0; j < n; ++j)
      mpfi_interv_d(K[i * n + j], problem.K(i, j).lower(), problem.K(i, j).upper());
  }
  mpfi_set_ui(x, p);
  mpfi_sqrt(x, x);
  mpfi_set_ui(factor, 1);
  mpfi_div(factor, factor, x);  // 1 / sqrt p
  mpfi_set_d(rate, problem.eta);
  mpfi_mul(rate, rate, factor);
  for (auto _ : timer) {
    for (std::size_t i = 0; i < n; ++i) mpfi_set_ui(e[i], 0);
    for (std::size_t r = 0; r < p; ++r)
      for (std::size_t i = 0; i < n; ++i) {
        mpfi_tanh(Psi[r * n + i], A[r * n + i]);
        mpfi_mul(x, Psi[r * n + i], beta[r]);
        mpfi_add(e[i], e[i], x);
      }
    for (std::size_t i = 0; i < n; ++i) {
      mpfi_mul(e[i], e[i], factor);
      mpfi_sub(e[i], e[i], y[i]);
    }
    for (std::size_t r = 0; r < p; ++r) {
      mpfi_mul(back, rate, b[r]);
      for (std::size_t i = 0; i < n; ++i) {
        mpfi_mul(x, Psi[r * n + i], e[i]);
        mpfi_mul(x, x, rate);
        mpfi_sub(beta[r], beta[r], x);
        mpfi_sqr(x, Psi[r * n + i]);
        mpfi_ui_sub(x, 1, x);
        mpfi_mul(x, x, e[i]);
        mpfi_mul(N[i], x, back);
      }
      for (std::size_t j = 0; j < n; ++j) {
        mpfi_mul(x, N[0], K[j]);
        for (std::size_t i = 1; i < n; ++i) {
          mpfi_mul(product, N[i], K[i * n + j]);
          mpfi_add(x, x, product);
        }
        mpfi_sub(A[r * n + j], A[r * n + j], x);
      }
    }
    benchmark::DoNotOptimize(beta[0]);
  }
  timer.SetLabel(label);
}

BENCHMARK(plain_step)->Unit(benchmark::kMillisecond);
BENCHMARK(pseudo_step)->Unit(benchmark::kMillisecond);
BENCHMARK(ball_step)->Unit(benchmark::kMillisecond);
BENCHMARK(mpfi_step)->Unit(benchmark::kMillisecond)->Iterations(1);

}  // namespace
