// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "activation_row.hpp"

namespace alignproof::check {

namespace {

/// The zero of x tanh(x/2) - 2, by Newton's method over balls: each step holds it where the ball
/// before held it, and the first does since the function is negative at 2.375, positive at 2.4375
/// and increases.
Ball zero_of_curvature() {
  Ball x = hull(Ball(2.375), Ball(2.4375));
  for (int k = 0; k < 12; ++k) {
    const Ball m = midpoint(x), value = m * tanh(m / 2) - 2, t = tanh(x / 2);
    x = m - value / (t + x * (1 - square(t)) / 2);
  }
  return x;
}

/// psi(x) = x / (1 + e^-x)
struct Silu {
  static constexpr const char* name = "silu";
  static constexpr bool frozen_signs = false;
  static constexpr bool linear = false, odd = false, zero_at_zero = true;
  static constexpr double work = 64;

  static Activated activate(const Ball& a) {
    const Ball s = 1 / (1 + exp(0 - a)), rest = 1 / (1 + exp(a));
    return {a * s, s + a * s * rest};
  }
  static TaylorSeries series(const TaylorSeries& x) { return x / (Ball(1) + exp(Ball(-1) * x)); }
  static constexpr NoBound L0{"it is not bounded"};
  /// psi'' = 0 where x tanh(x/2) = 2, and psi' = 1/2 + x/4 there.
  static Ball L1() { return Ball(0.5) + zero_of_curvature() / 4; }
  /// psi''(0)
  static Ball L2() { return Ball(0.5); }
  /// A bound of four digits, no supremum: by subdivision, reports/docs/activations.md.
  static Ball L3() { return Ball(3082) / 10000; }
  static Kernel kernel() {
    return NoKernel{"no closed form and no series with a proved remainder is at hand"};
  }
};

}  // namespace

ActivationRow row_silu() {
  return make_row<Silu>();
}

}  // namespace alignproof::check
