// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "activation_row.hpp"
#include "limit_kernel.hpp"

namespace alignproof::check {

namespace {

/// [c (pi - theta) + (a b - c^2 + c^2 / (1 + a) + c^2 / (1 + b)) / sqrt Delta] / (2 pi),
/// Delta = (1 + a)(1 + b) - c^2, pi - theta = the angle of the point (-c, sqrt Delta)
Ball gelu_kernel(const Ball& Kii, const Ball& Kij, const Ball& Kjj) {
  const Ball area = max(0, Kii * Kjj - square(Kij)), root = sqrt(1 + Kii + Kjj + area);
  const Ball angle = atan2(root, 0 - Kij);
  const Ball fractions = square(Kij) / (1 + Kii) + square(Kij) / (1 + Kjj);
  return (Kij * angle + (area + fractions) / root) / (2 * pi());
}

/// psi(x) = x Phi(x)
struct Gelu {
  static constexpr const char* name = "gelu";
  static constexpr bool frozen_signs = false;
  static constexpr bool linear = false, odd = false, zero_at_zero = true;
  static constexpr double work = 300;

  static Activated activate(const Ball& a) {
    const Ball Phi = erfc(0 - a / sqrt(2)) / 2;
    return {a * Phi, Phi + a * exp(0 - square(a) / 2) / sqrt(2 * pi())};
  }
  static TaylorSeries series(const TaylorSeries& x) {
    return x * (Ball(0.5) + Ball(0.5) * check::erf((1 / sqrt(2)) * x));
  }
  static constexpr NoBound L0{"it is not bounded"};
  /// psi'' = (2 - x^2) phi(x) vanishes at sqrt 2.
  static Ball L1() { return activate(sqrt(2)).dpsi; }
  static Ball L2() { return 2 / sqrt(2 * pi()); }
  /// psi''' = x (x^2 - 4) phi(x), and psi'''' = 0 where x^4 - 7 x^2 + 4 = 0: largest at the smaller
  /// of the two.
  static Ball L3() {
    const Ball x2 = (7 - sqrt(33)) / 2;
    return sqrt(x2) * (4 - x2) * exp(0 - x2 / 2) / sqrt(2 * pi());
  }
  static Kernel kernel() {
    return +[](const BallMatrix& K, const Effort&) { return closed_form(K, gelu_kernel); };
  }
};

}  // namespace

ActivationRow row_gelu() {
  return make_row<Gelu>();
}

}  // namespace alignproof::check
