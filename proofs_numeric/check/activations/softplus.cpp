// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "activation_row.hpp"
#include "limit_kernel.hpp"

namespace alignproof::check {

namespace {

/// softplus(x) = x/2 + ln 2 + ln cosh(x/2)
BallMatrix softplus_kernel(const BallMatrix& K, const Effort& effort) {
  return by_series(Summand::ln_cosh, quarter(K), effort) + quarter(K);
}

/// psi(x) = log(1 + e^x)
struct Softplus {
  static constexpr const char* name = "softplus";
  static constexpr bool frozen_signs = false;
  static constexpr bool linear = false, odd = false, zero_at_zero = false;
  static constexpr double work = 64;

  static Activated activate(const Ball& a) {
    const Ball small = exp(0 - abs(a));
    return {max(a, 0) + log1p(small), 1 / (1 + exp(0 - a))};
  }
  static TaylorSeries series(const TaylorSeries& x) { return log(Ball(1) + exp(x)); }
  static constexpr NoBound L0{"it is not bounded"};
  static Ball L1() { return 1; }
  static Ball L2() { return Ball(0.25); }
  /// psi' is the sigmoid, and psi''' = s (1 - s)(1 - 2 s) is largest where s (1 - s) = 1/6.
  static Ball L3() { return 1 / (6 * sqrt(3)); }
  static Kernel kernel() { return &softplus_kernel; }
};

}  // namespace

ActivationRow row_softplus() {
  return make_row<Softplus>();
}

}  // namespace alignproof::check
