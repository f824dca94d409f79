// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations.hpp"

namespace alignproof::reference {

struct sigmoid_truth {
  static constexpr std::string_view name = "sigmoid";
  static constexpr bool has_kink = false;

  template <class Real>
  static Real psi(const Real& a) {
    using std::exp;
    if (a > Real(far)) return Real(1);
    return exp(a) / (Real(1) + exp(a));
  }
  template <class Real>
  static Real psi_prime(const Real& a) {
    using std::exp;
    if (a > Real(far)) return Real(0);
    const Real sum = Real(1) + exp(a);
    return exp(a) / (sum * sum);
  }

  // With 300 digits, and without cancellation.
  template <class Real>
  static Real value(const Real& a) {
    return 1 / Real(1 + exp(Real(-a)));
  }
  template <class Real>
  static Real slope(const Real& a) {
    const Real sum = exp(Real(a / 2)) + exp(Real(-a / 2));
    return 1 / Real(sum * sum);
  }
  template <class Real>
  static Real largest_slope() {
    return Real(1) / 4;
  }
  template <class Real>
  static Real largest_curvature() {
    // s (1 - s)(1 - 2 s) at s = (1 - 1 / sqrt 3) / 2
    return 1 / sqrt(Real(108));
  }

  static Strip strip([[maybe_unused]] double widest) { return {3, 1}; }
  /// (1 + tanh(a/2)) / 2
  template <class Real>
  static Real saturated(const Real& signs) {
    return Real((1 + signs) / 4);
  }
  static constexpr double mehler_strip = 1.57;

  static void evaluate(acb_t y, const acb_t x, [[maybe_unused]] int analytic, slong bits) {
    acb_neg(y, x), acb_exp(y, y, bits), acb_add_ui(y, y, 1, bits);
    acb_inv(y, y, bits);
  }
};

}  // namespace alignproof::reference
