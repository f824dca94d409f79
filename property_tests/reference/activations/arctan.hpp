// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations.hpp"

namespace alignproof::reference {

struct arctan_truth {
  static constexpr std::string_view name = "arctan";
  static constexpr bool has_kink = false;

  template <class Real>
  static Real psi(const Real& a) {
    using std::asin, std::sqrt;
    return asin(Real(a / sqrt(Real(Real(1) + a * a))));
  }
  template <class Real>
  static Real psi_prime(const Real& a) {
    using std::cos;
    const Real c = cos(psi(a));
    return c * c;
  }

  // With 300 digits, and without cancellation.
  template <class Real>
  static Real value(const Real& a) {
    return atan(a);
  }
  template <class Real>
  static Real slope(const Real& a) {
    return 1 / Real(1 + a * a);
  }
  template <class Real>
  static Real largest_slope() {
    return Real(1);
  }
  template <class Real>
  static Real largest_curvature() {
    // -2a / (1 + a^2)^2 at a = 1 / sqrt 3
    return sqrt(Real(27)) / 8;
  }

  /// The poles stand at +-i; within 0.9 of the real axis |psi| < 2.
  static Strip strip([[maybe_unused]] double widest) { return {0.9, 1}; }

  static void evaluate(acb_t y, const acb_t x, [[maybe_unused]] int analytic, slong bits) {
    acb_atan(y, x, bits);
  }
};

}  // namespace alignproof::reference
