// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations.hpp"

namespace alignproof::reference {

struct gelu_truth {
  static constexpr std::string_view name = "gelu";
  static constexpr bool has_kink = false;

  template <class Real>
  static Real psi(const Real& a) {
    using std::sqrt;
    return a * (Real(1) + Elementary<Real>::erf(Real(a / sqrt(Real(2))))) / Real(2);
  }
  template <class Real>
  static Real psi_prime(const Real& a) {
    using std::exp, std::sqrt;
    return (Real(1) + Elementary<Real>::erf(Real(a / sqrt(Real(2))))) / Real(2) +
           a * exp(Real(-a * a / Real(2))) / sqrt(Real(Real(2) * pi_of<Real>()));
  }

  // With 300 digits, and without cancellation.
  template <class Real>
  static Real value(const Real& a) {
    return a * erfc(Real(-a / sqrt(Real(2)))) / 2;
  }
  template <class Real>
  static Real slope(const Real& a) {
    return erfc(Real(-a / sqrt(Real(2)))) / 2 +
           a * exp(Real(-a * a / 2)) / sqrt(Real(8 * atan(Real(1))));
  }
  template <class Real>
  static Real largest_slope() {
    // psi'' = phi(a) (2 - a^2) vanishes at sqrt 2
    return slope(Real(sqrt(Real(2))));
  }
  template <class Real>
  static Real largest_curvature() {
    // phi(0) * 2
    return sqrt(Real(1 / (2 * atan(Real(1)))));
  }

  static constexpr const char* no_gamma = "the rule is proved for bounded activations";
  static constexpr double mehler_strip = 1.57;

  static void evaluate(acb_t y, const acb_t x, [[maybe_unused]] int analytic, slong bits) {
    // x erfc(-x / sqrt 2) / 2
    acb_t t;
    acb_init(t);
    arb_t root;
    arb_init(root);
    arb_sqrt_ui(root, 2, bits);
    acb_div_arb(t, x, root, bits), acb_neg(t, t), acb_hypgeom_erfc(t, t, bits);
    acb_mul(t, t, x, bits), acb_mul_2exp_si(y, t, -1);
    arb_clear(root);
    acb_clear(t);
  }
};

}  // namespace alignproof::reference
