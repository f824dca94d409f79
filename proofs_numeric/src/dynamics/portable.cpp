// SPDX-License-Identifier: Apache-2.0
// Compiled with -ffp-contract=off: every fusion is written out, none is left to the compiler.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/dynamics/portable.hpp>

#include <mpfr.h>

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>

#include <alignproof/core/floating_point.hpp>
#include <alignproof/format/sha256.hpp>

namespace alignproof {
namespace {

constexpr double largest_error = 1e100;  // divergence_threshold of run.hpp, which needs Eigen

void require_ieee() {
  if (const char* fault = floating_point_fault())
    throw std::runtime_error(std::string("portable_run promises its bits: ") + fault);
}

/// An MPFR number of 120 bits. Every operation below is correctly rounded there, so its bits depend
/// on neither the version nor the machine.
class Number {
 public:
  Number() { mpfr_init2(at_, 120); }
  ~Number() { mpfr_clear(at_); }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;

  operator mpfr_ptr() { return at_; }
  double rounded() const { return mpfr_get_d(at_, MPFR_RNDN); }

 private:
  mpfr_t at_;
};

struct Value {
  double psi, slope;
};

class PortableActivation {
 public:
  explicit PortableActivation(Activation psi) : psi_(psi) {
    mpfr_set_ui(sqrt_2_, 2, MPFR_RNDN);
    mpfr_sqrt(sqrt_2_, sqrt_2_, MPFR_RNDN);
    mpfr_const_pi(sqrt_pi_, MPFR_RNDN);
    mpfr_sqrt(sqrt_pi_, sqrt_pi_, MPFR_RNDN);
  }

  Value operator()(double a) {
    switch (psi_) {
      case Activation::identity:
        return {a, 1};
      case Activation::relu:
        return {a > 0 ? a : 0, a > 0 ? 1.0 : 0.0};
      case Activation::tanh:
        return tanh(a);
      case Activation::sigmoid:
        return sigmoid(a);
      case Activation::softplus:
        return softplus(a);
      case Activation::erf:
        return erf(a);
      case Activation::gelu:
        return gelu(a);
    }
    throw std::logic_error("portable_run: an activation that does not exist");
  }

 private:
  /// psi' = sech^2 a
  Value tanh(double a) {
    mpfr_set_d(x_, a, MPFR_RNDN);
    mpfr_tanh(y_, x_, MPFR_RNDN);
    mpfr_sech(z_, x_, MPFR_RNDN);
    mpfr_sqr(z_, z_, MPFR_RNDN);
    return {y_.rounded(), z_.rounded()};
  }

  /// With q = e^-|a|: 1 / (1 + q) for a >= 0 and q / (1 + q) below; psi' = q / (1 + q)^2.
  Value sigmoid(double a) {
    set_exp_minus_size(a);
    mpfr_add_ui(y_, x_, 1, MPFR_RNDN);
    mpfr_div(z_, x_, y_, MPFR_RNDN);  // q / (1 + q)
    mpfr_ui_div(x_, 1, y_, MPFR_RNDN);
    const double value = a < 0 ? z_.rounded() : x_.rounded();
    mpfr_mul(z_, z_, x_, MPFR_RNDN);
    return {value, z_.rounded()};
  }

  /// max(a, 0) + log(1 + e^-|a|); psi' is the sigmoid.
  Value softplus(double a) {
    const double slope = sigmoid(a).psi;
    set_exp_minus_size(a);
    mpfr_log1p(y_, x_, MPFR_RNDN);
    if (!(a < 0)) mpfr_add_d(y_, y_, a, MPFR_RNDN);
    return {y_.rounded(), slope};
  }

  /// psi' = 2 e^(-a^2) / sqrt pi
  Value erf(double a) {
    mpfr_set_d(x_, a, MPFR_RNDN);
    mpfr_erf(y_, x_, MPFR_RNDN);
    mpfr_sqr(z_, x_, MPFR_RNDN);
    mpfr_neg(z_, z_, MPFR_RNDN);
    mpfr_exp(z_, z_, MPFR_RNDN);
    mpfr_mul_2ui(z_, z_, 1, MPFR_RNDN);
    mpfr_div(z_, z_, sqrt_pi_, MPFR_RNDN);
    return {y_.rounded(), z_.rounded()};
  }

  /// a Phi(a) with Phi(a) = erfc(-a / sqrt 2) / 2; psi' = Phi(a) + a e^(-a^2 / 2) / sqrt(2 pi).
  Value gelu(double a) {
    mpfr_set_d(x_, a, MPFR_RNDN);
    mpfr_div(y_, x_, sqrt_2_, MPFR_RNDN);
    mpfr_neg(y_, y_, MPFR_RNDN);
    mpfr_erfc(y_, y_, MPFR_RNDN);
    mpfr_div_2ui(y_, y_, 1, MPFR_RNDN);
    mpfr_sqr(z_, x_, MPFR_RNDN);
    mpfr_div_2ui(z_, z_, 1, MPFR_RNDN);
    mpfr_neg(z_, z_, MPFR_RNDN);
    mpfr_exp(z_, z_, MPFR_RNDN);
    mpfr_div(z_, z_, sqrt_2_, MPFR_RNDN);
    mpfr_div(z_, z_, sqrt_pi_, MPFR_RNDN);
    mpfr_mul(z_, z_, x_, MPFR_RNDN);
    mpfr_add(z_, z_, y_, MPFR_RNDN);
    mpfr_mul(y_, y_, x_, MPFR_RNDN);
    return {y_.rounded(), z_.rounded()};
  }

  void set_exp_minus_size(double a) {
    mpfr_set_d(x_, -std::abs(a), MPFR_RNDN);
    mpfr_exp(x_, x_, MPFR_RNDN);
  }

  Activation psi_;
  Number x_, y_, z_, sqrt_2_, sqrt_pi_;
};

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
        activation_(instance.activation),
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
  PortableActivation activation_;
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

}  // namespace alignproof
