// SPDX-License-Identifier: Apache-2.0
// Compiled with -ffp-contract=off: every fusion is written out, none is left to the compiler.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/dynamics/portable.hpp>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

#include <alignproof/core/floating_point.hpp>
#include <alignproof/format/sha256.hpp>
#include <alignproof/network/portable_number.hpp>

namespace alignproof::inline dynamics {
namespace {

constexpr double largest_error = 1e100;  // divergence_threshold of run.hpp, which needs Eigen

void require_ieee() {
  if (const char* fault = floating_point_fault())
    throw std::runtime_error(std::string("portable_run promises its bits: ") + fault);
}

/// The arrays of a run, flat and row-major, and one step.
class Iteration {
 public:
  Array W, beta, b;

  Iteration(const Instance& instance, LearningRule rule)
      : W(instance.W0),
        beta(instance.beta0),
        b(instance.b),
        instance_(instance),
        rule_(rule),
        n_(instance.n()),
        d_(instance.d()),
        p_(instance.p()),
        k_(instance.k()),
        sqrt_p_(std::sqrt(static_cast<double>(p_))),
        activation_(portable_form(instance.activation, "portable values")),
        Psi_(p_ * n_),
        D_(p_ * n_),
        e_(n_ * k_),
        back_(p_ * k_),
        update_(p_ * k_),
        next_beta_(p_ * k_) {}

  /// Psi, D, e at (W, beta); returns |e|.
  double forward() {
    for (std::size_t r = 0; r < p_; ++r)
      for (std::size_t i = 0; i < n_; ++i) {
        double a = 0;
        for (std::size_t j = 0; j < d_; ++j)
          a = std::fma(W.values[r * d_ + j], instance_.X.values[i * d_ + j], a);
        const auto [psi, slope] = activation_(a);
        Psi_[r * n_ + i] = psi;
        D_[r * n_ + i] = slope;
      }
    double square = 0;
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t c = 0; c < k_; ++c) {
        double sum = 0;
        for (std::size_t r = 0; r < p_; ++r)
          sum = std::fma(Psi_[r * n_ + i], beta.values[r * k_ + c], sum);
        const double e = sum / sqrt_p_ - instance_.y.values[i * k_ + c];
        e_[i * k_ + c] = e;
        square = std::fma(e, e, square);
      }
    return std::sqrt(square);
  }

  /// From t to t + 1, after `forward`.
  void step(std::size_t t) {
    const double rate = instance_.eta / sqrt_p_;
    const double kept = std::fma(-instance_.eta, instance_.penalty(t), 1.0);
    rule_.actions<double>().back(b.values, beta.values, back_);  // with beta(t), b(t)
    for (std::size_t r = 0; r < p_; ++r) {
      if (rule_.hidden_learns()) step_row(r, rate);
      for (std::size_t c = 0; c < k_; ++c) {
        double sum = 0;
        for (std::size_t i = 0; i < n_; ++i) sum = std::fma(Psi_[r * n_ + i], e_[i * k_ + c], sum);
        update_[r * k_ + c] = -rate * sum;
        next_beta_[r * k_ + c] = std::fma(-rate, sum, kept * beta.values[r * k_ + c]);
      }
    }
    if (rule_.b_moves()) rule_.actions<double>().move(b.values, beta.values, kept, update_);
    beta.values.swap(next_beta_);
  }

 private:
  /// w_r <- w_r - sum_i rate psi'(a_ri) <back_r, e_i> x_i, sample after sample.
  void step_row(std::size_t r, double rate) {
    for (std::size_t i = 0; i < n_; ++i) {
      double signal = 0;
      for (std::size_t c = 0; c < k_; ++c)
        signal = std::fma(back_[r * k_ + c], e_[i * k_ + c], signal);
      const double weight = -(rate * (D_[r * n_ + i] * signal));
      for (std::size_t j = 0; j < d_; ++j) {
        double& w = W.values[r * d_ + j];
        w = std::fma(weight, instance_.X.values[i * d_ + j], w);
      }
    }
  }

  const Instance& instance_;
  LearningRule rule_;
  std::size_t n_, d_, p_, k_;
  double sqrt_p_;
  PortableValue (*activation_)(double);
  std::vector<double> Psi_, D_, e_;                ///< p x n, p x n, n x k
  std::vector<double> back_, update_, next_beta_;  ///< p x k
};

void append(std::string& bytes, const std::vector<double>& values) {
  for (double value : values) {
    // IEEE 754 leaves the sign and the payload of a NaN open.
    if (std::isnan(value)) value = std::bit_cast<double>(std::uint64_t{0x7ff8000000000000u});
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int k = 0; k < 8; ++k) bytes.push_back(static_cast<char>(bits >> (8 * k)));
  }
}

}  // namespace

PortableRun portable_run(const Instance& instance, LearningRule rule) {
  require_ieee();
  require_valid(instance);
  PortableRun run;
  Iteration iteration(instance, rule);
  for (std::size_t t = 0;; ++t) {
    const double error = iteration.forward();
    if (!(error <= largest_error)) {
      run.diverged_at = t;
      break;
    }
    run.error.push_back(error);
    if (t == instance.steps) break;
    iteration.step(t);
  }
  run.W = std::move(iteration.W);
  run.beta = std::move(iteration.beta);
  run.b = std::move(iteration.b);
  std::string bytes;
  append(bytes, run.W.values);
  append(bytes, run.beta.values);
  append(bytes, run.error);
  if (rule.b_moves()) append(bytes, run.b.values);
  run.hash = sha256(bytes);
  return run;
}

}  // namespace alignproof::inline dynamics
