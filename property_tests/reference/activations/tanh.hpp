// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations.hpp"

namespace alignproof::reference {

struct tanh_truth {
  static constexpr std::string_view name = "tanh";
  static constexpr bool has_kink = false;

  template <class Real>
  static Real psi(const Real& a) {
    using std::exp;
    if (a > Real(far) || a < Real(-far)) return Real(a > Real(0) ? 1 : -1);
    return (exp(a) - exp(Real(-a))) / (exp(a) + exp(Real(-a)));
  }
  template <class Real>
  static Real psi_prime(const Real& a) {
    using std::exp;
    if (a > Real(far) || a < Real(-far)) return Real(0);
    const Real sum = exp(a) + exp(Real(-a));
    return Real(4) / (sum * sum);
  }

  // With 300 digits, and without cancellation.
  template <class Real>
  static Real value(const Real& a) {
    return tanh(a);
  }
  template <class Real>
  static Real slope(const Real& a) {
    const Real c = cosh(a);
    return 1 / Real(c * c);
  }
  template <class Real>
  static Real largest_slope() {
    return Real(1);
  }
  template <class Real>
  static Real largest_curvature() {
    // 2 u (1 - u^2) at u = 1 / sqrt 3
    return 4 / sqrt(Real(27));
  }

  static Strip strip([[maybe_unused]] double widest) { return {1.5, 1}; }
  template <class Real>
  static Real saturated(const Real& signs) {
    return signs;
  }
  static constexpr double mehler_strip = 0.785;

  static void evaluate(acb_t y, const acb_t x, [[maybe_unused]] int analytic, slong bits) {
    acb_tanh(y, x, bits);
  }
};

}  // namespace alignproof::reference
