// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "activation_row.hpp"
#include "limit_kernel.hpp"

namespace alignproof::check {

namespace {

/// sigmoid(x) = 1/2 + tanh(x/2) / 2
BallMatrix sigmoid_kernel(const BallMatrix& K, const Effort& effort) {
  BallMatrix G = by_series(Summand::tanh, quarter(K), effort);
  for (std::size_t i = 0; i < K.rows(); ++i)
    for (std::size_t j = 0; j < K.rows(); ++j) G.set(i, j, (1 + G.at(i, j)) / 4);
  return G;
}

/// psi(x) = 1 / (1 + e^-x)
struct Sigmoid {
  static constexpr const char* name = "sigmoid";
  static constexpr bool frozen_signs = false;
  static constexpr bool linear = false, odd = false, zero_at_zero = false;
  static constexpr double work = 64;

  static Activated activate(const Ball& a) {
    const Ball psi = 1 / (1 + exp(0 - a));
    return {psi, psi * (1 - psi)};
  }
  static TaylorSeries series(const TaylorSeries& x) {
    return Ball(1) / (Ball(1) + exp(Ball(-1) * x));
  }
  static Ball L0() { return 1; }
  static Ball L1() { return Ball(0.25); }
  static Ball L2() { return 1 / (6 * sqrt(3)); }
  /// psi''' = s (1 - s)(1 - 6 s (1 - s)) at s = 1/2; with v = s (1 - s) <= 1/4 the rest is at most
  /// 1/24, at v = 1/12.
  static Ball L3() { return Ball(0.125); }
  static Kernel kernel() { return &sigmoid_kernel; }
};

}  // namespace

ActivationRow row_sigmoid() {
  return make_row<Sigmoid>();
}

}  // namespace alignproof::check
