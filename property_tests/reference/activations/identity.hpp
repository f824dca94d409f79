// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reference/activations.hpp"

namespace alignproof::reference {

struct identity_truth {
  static constexpr std::string_view name = "identity";
  static constexpr bool has_kink = false;

  template <class Real>
  static Real psi(const Real& a) {
    return a;
  }
  template <class Real>
  static Real psi_prime(const Real&) {
    return Real(1);
  }

  // With 300 digits, and without cancellation.
  template <class Real>
  static Real value(const Real& a) {
    return a;
  }
  template <class Real>
  static Real slope(const Real&) {
    return Real(1);
  }
  template <class Real>
  static Real largest_slope() {
    return Real(1);
  }
  template <class Real>
  static Real largest_curvature() {
    return Real(0);
  }

  template <class Real>
  static Real kernel(const Real&, const Real& xz, const Real&) {
    return xz;
  }
  static Strip strip([[maybe_unused]] double widest) { return {entire, 1}; }

  static void evaluate(acb_t y, const acb_t x, [[maybe_unused]] int analytic, slong bits) {
    acb_set(y, x), (void)bits;
  }
};

}  // namespace alignproof::reference
