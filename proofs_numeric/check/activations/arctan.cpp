// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "activation_row.hpp"

namespace alignproof::check {

namespace {

/// psi(x) = arctan x
struct Arctan {
  static constexpr const char* name = "arctan";
  static constexpr bool frozen_signs = false;
  static constexpr bool linear = false, odd = true, zero_at_zero = true;
  static constexpr double work = 300;

  static Activated activate(const Ball& a) { return {atan2(a, 1), 1 / (1 + square(a))}; }
  static TaylorSeries series(const TaylorSeries& x) { return check::arctan(x); }
  /// The limit at infinity.
  static Ball L0() { return pi() / 2; }
  static Ball L1() { return 1; }
  /// psi'' = -2x / (1 + x^2)^2 is largest at x^2 = 1/3.
  static Ball L2() { return 3 * sqrt(3) / 8; }
  /// psi''' = (6x^2 - 2) / (1 + x^2)^3 at 0; at the other zeros of psi'''', +-1, it is 1/2.
  static Ball L3() { return 2; }
  static Kernel kernel() {
    return NoKernel{"no closed form and no series with a proved remainder is at hand"};
  }
};

}  // namespace

ActivationRow row_arctan() {
  return make_row<Arctan>();
}

}  // namespace alignproof::check
