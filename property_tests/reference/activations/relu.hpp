// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations.hpp"

namespace alignproof::reference {

struct relu_truth {
  static constexpr std::string_view name = "relu";
  static constexpr bool has_kink = true;

  template <class Real>
  static Real psi(const Real& a) {
    return a > Real(0) ? a : Real(0);
  }
  template <class Real>
  static Real psi_prime(const Real& a) {
    return Real(a > Real(0) ? 1 : 0);
  }

  // With 300 digits, and without cancellation.
  template <class Real>
  static Real value(const Real& a) {
    return a > 0 ? a : Real(0);
  }
  template <class Real>
  static Real slope(const Real& a) {
    return Real(a > 0 ? 1 : 0);
  }
  template <class Real>
  static Real largest_slope() {
    return Real(1);
  }
  template <class Real>
  static Real largest_curvature() {
    // where no sign changes
    return Real(0);
  }

  template <class Real>
  static Real kernel(const Real& xx, const Real& xz, const Real& zz) {
    const Real area = xx * zz - xz * xz;  // (|x||z| sin th)^2
    const Real sine = area > 0 ? Real(sqrt(area)) : Real(0), th = atan2(sine, xz);
    const Real pi = 4 * atan(Real(1));
    return Real((sine + (pi - th) * xz) / (2 * pi));
  }

  static void evaluate(acb_t y, const acb_t x, [[maybe_unused]] int analytic, slong bits) {
    // continued from z > 0, where x does not change its sign
    arf_sgn(arb_midref(acb_realref(x))) > 0 ? acb_set(y, x) : acb_zero(y), (void)bits;
  }
};

}  // namespace alignproof::reference
