// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations.hpp"

namespace alignproof::reference {

struct erf_truth {
  static constexpr std::string_view name = "erf";
  static constexpr bool has_kink = false;

  template <class Real>
  static Real psi(const Real& a) {
    return Elementary<Real>::erf(a);
  }
  template <class Real>
  static Real psi_prime(const Real& a) {
    using std::exp, std::sqrt;
    return Real(2) * exp(Real(-a * a)) / sqrt(pi_of<Real>());
  }

  // With 300 digits, and without cancellation.
  template <class Real>
  static Real value(const Real& a) {
    return erf(a);
  }
  template <class Real>
  static Real slope(const Real& a) {
    return 2 * exp(Real(-a * a)) / sqrt(Real(4 * atan(Real(1))));
  }
  template <class Real>
  static Real largest_slope() {
    return 2 / sqrt(Real(4 * atan(Real(1))));
  }
  template <class Real>
  static Real largest_curvature() {
    // (4 / sqrt pi) a e^{-a^2} at a = 1 / sqrt 2
    return sqrt(Real(2 / atan(Real(1)))) * exp(Real(-0.5));
  }

  template <class Real>
  static Real kernel(const Real& xx, const Real& xz, const Real& zz) {
    const Real h = sqrt(Real((1 + 2 * xx) * (1 + 2 * zz) - 4 * xz * xz));
    return Real(atan2(Real(2 * xz), h) / (2 * atan(Real(1))));  // asin by its tangent
  }
  static Strip strip([[maybe_unused]] double widest) { return {entire, 1 + 2 * widest * widest}; }

  static void evaluate(acb_t y, const acb_t x, [[maybe_unused]] int analytic, slong bits) {
    acb_hypgeom_erf(y, x, bits);
  }
};

}  // namespace alignproof::reference
