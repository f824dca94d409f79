// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations.hpp"

namespace alignproof::reference {

struct silu_truth {
  static constexpr std::string_view name = "silu";
  static constexpr bool has_kink = false;

  template <class Real>
  static Real psi(const Real& a) {
    using std::exp;
    if (a > Real(far)) return a;
    return a * exp(a) / (Real(1) + exp(a));
  }
  template <class Real>
  static Real psi_prime(const Real& a) {
    using std::exp;
    if (a > Real(far)) return Real(1);
    const Real sum = Real(1) + exp(a);
    return exp(a) * (Real(1) + exp(a) + a) / (sum * sum);
  }

  // With 300 digits, and without cancellation.
  template <class Real>
  static Real value(const Real& a) {
    return a / Real(1 + exp(Real(-a)));
  }
  template <class Real>
  static Real slope(const Real& a) {
    const Real half = exp(Real(a / 2)) + exp(Real(-a / 2));
    return 1 / Real(1 + exp(Real(-a))) + a / Real(half * half);
  }
  template <class Real>
  static Real largest_slope() {
    // psi'' = (2 - a tanh(a/2)) / (4 cosh^2(a/2)) changes its sign once for a > 0: by bisection.
    Real low = 2, high = 3;
    for (int halved = 0; halved < 1200; ++halved) {
      const Real a = (low + high) / 2;
      (a * tanh(Real(a / 2)) < 2 ? low : high) = a;
    }
    return slope(low);
  }
  template <class Real>
  static Real largest_curvature() {
    // psi''(0)
    return Real(1) / 2;
  }

  static constexpr const char* no_gamma = "the rule is proved for bounded activations";

  static void evaluate(acb_t y, const acb_t x, [[maybe_unused]] int analytic, slong bits) {
    acb_t t;
    acb_init(t);
    acb_neg(t, x), acb_exp(t, t, bits), acb_add_ui(t, t, 1, bits);
    acb_div(y, x, t, bits);
    acb_clear(t);
  }
};

}  // namespace alignproof::reference
