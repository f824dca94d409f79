// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "activation_row.hpp"
#include "limit_kernel.hpp"

namespace alignproof::check {

namespace {

/// (2/pi) asin( 2 x.x' / sqrt((1 + 2 |x|^2)(1 + 2 |x'|^2)) )
Ball erf_kernel(const Ball& Kii, const Ball& Kij, const Ball& Kjj) {
  return 2 * asin(clamp(2 * Kij / sqrt((1 + 2 * Kii) * (1 + 2 * Kjj)))) / pi();
}

/// psi(x) = erf x
struct Erf {
  static constexpr const char* name = "erf";
  static constexpr bool frozen_signs = false;
  static constexpr bool linear = false, odd = true, zero_at_zero = true;
  static constexpr double work = 300;

  static Activated activate(const Ball& a) { return {erf(a), 2 * exp(0 - square(a)) / sqrt(pi())}; }
  static TaylorSeries series(const TaylorSeries& x) { return check::erf(x); }
  static Ball L0() { return 1; }
  static Ball L1() { return 2 / sqrt(pi()); }
  static Ball L2() { return 4 * exp(Ball(-0.5)) / sqrt(2 * pi()); }
  /// psi''' = (4x^2 - 2) psi' at 0; at the other zeros of psi'''', x^2 = 3/2, it is 4 psi' < 1.1.
  static Ball L3() { return 4 / sqrt(pi()); }
  static Kernel kernel() {
    return +[](const BallMatrix& K, const Effort&) { return closed_form(K, erf_kernel); };
  }
};

}  // namespace

ActivationRow row_erf() {
  return make_row<Erf>();
}

}  // namespace alignproof::check
