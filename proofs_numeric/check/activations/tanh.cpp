// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "activation_row.hpp"
#include "limit_kernel.hpp"

namespace alignproof::check {

namespace {

/// psi(x) = tanh x
struct Tanh {
  static constexpr const char* name = "tanh";
  static constexpr bool frozen_signs = false;
  static constexpr bool linear = false, odd = true, zero_at_zero = true;
  static constexpr double work = 64;

  static Activated activate(const Ball& a) {
    const Ball psi = tanh(a);
    return {psi, 1 - square(psi)};
  }
  static TaylorSeries series(const TaylorSeries& x) {
    return Ball(1) - Ball(2) / (Ball(1) + exp(Ball(2) * x));
  }
  static Ball L0() { return 1; }
  static Ball L1() { return 1; }
  static Ball L2() { return 4 / (3 * sqrt(3)); }
  /// psi''' = (1 - t^2)(6 t^2 - 2) at t = 0; elsewhere it is at most 2/3, at t^2 = 2/3.
  static Ball L3() { return 2; }
  static Kernel kernel() {
    return +[](const BallMatrix& K, const Effort& effort) {
      return by_series(Summand::tanh, K, effort);
    };
  }
};

}  // namespace

ActivationRow row_tanh() {
  return make_row<Tanh>();
}

}  // namespace alignproof::check
