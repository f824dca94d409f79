// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations.hpp"

namespace alignproof::reference {

struct softplus_truth {
  static constexpr std::string_view name = "softplus";
  static constexpr bool has_kink = false;

  template <class Real>
  static Real psi(const Real& a) {
    using std::exp, std::log;
    return a > Real(far) ? a : log(Real(1) + exp(a));
  }
  template <class Real>
  static Real psi_prime(const Real& a) {
    using std::exp;
    if (a > Real(far)) return Real(1);
    return exp(a) / (Real(1) + exp(a));
  }

  // With 300 digits, and without cancellation.
  template <class Real>
  static Real value(const Real& a) {
    using std::abs, std::log1p, std::exp;
    return (a > 0 ? a : Real(0)) + log1p(exp(Real(-abs(a))));
  }
  template <class Real>
  static Real slope(const Real& a) {
    return 1 / Real(1 + exp(Real(-a)));
  }
  template <class Real>
  static Real largest_slope() {
    return Real(1);
  }
  template <class Real>
  static Real largest_curvature() {
    return Real(1) / 4;
  }

  static constexpr const char* no_gamma = "the rule is proved for bounded activations";
  static constexpr double mehler_strip = 1.57;

  static void evaluate(acb_t y, const acb_t x, [[maybe_unused]] int analytic, slong bits) {
    acb_exp(y, x, bits), acb_add_ui(y, y, 1, bits);
    acb_log_analytic(y, y, analytic, bits);
  }
};

}  // namespace alignproof::reference
