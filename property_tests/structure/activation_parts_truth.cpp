// SPDX-License-Identifier: Apache-2.0
// The truth about an activation with all its parts, and with each part taken away.
#include "reference/activation_table.hpp"

namespace alignproof::reference {

struct Complete {
  static constexpr std::string_view name = "half";
  static constexpr bool has_kink = false;
  static constexpr const char* no_gamma = "nobody wrote it";
  template <class Real>
  static Real psi(const Real& a) {
    return a / Real(2);
  }
  template <class Real>
  static Real psi_prime(const Real&) {
    return Real(1) / Real(2);
  }
  template <class Real>
  static Real value(const Real& a) {
    return a / 2;
  }
  template <class Real>
  static Real slope(const Real&) {
    return Real(1) / 2;
  }
  template <class Real>
  static Real largest_slope() {
    return Real(1) / 2;
  }
  template <class Real>
  static Real largest_curvature() {
    return 0;
  }
  static void evaluate(acb_t y, const acb_t x, int, slong) { acb_mul_2exp_si(y, x, -1); }
};
static_assert(complete_truth<Complete>());

#ifdef WITHOUT_PARTS
struct Nothing {};
#define WITHOUT(part)                \
  struct Without_##part : Complete { \
    static constexpr Nothing part{}; \
  };                                 \
  static_assert(complete_truth<Without_##part>());
WITHOUT(psi)
WITHOUT(psi_prime)
WITHOUT(value)
WITHOUT(slope)
WITHOUT(largest_slope)
WITHOUT(largest_curvature)
WITHOUT(has_kink)
WITHOUT(no_gamma)
WITHOUT(evaluate)
#endif

}  // namespace alignproof::reference
