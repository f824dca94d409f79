// SPDX-License-Identifier: Apache-2.0
// An activation of the checker with all its parts, and with each part taken away.
#include "check/activation_row.hpp"

namespace alignproof::check {

struct Complete {
  static constexpr const char* name = "half";
  static constexpr bool frozen_signs = false, linear = false, odd = true, zero_at_zero = true;
  static constexpr double work = 1;
  static Activated activate(const Ball& a) { return {a / 2, Ball(0.5)}; }
  static constexpr NoSeries series{"nobody wrote it"};
  static constexpr NoBound L0{"it is not bounded"};
  static Ball L1() { return Ball(0.5); }
  static Ball L2() { return 0; }
  static Ball L3() { return 0; }
  static Kernel kernel() { return NoKernel{"nobody wrote it"}; }
};
template ActivationRow make_row<Complete>();

#ifdef WITHOUT_PARTS
struct Nothing {};
#define WITHOUT(part)                \
  struct Without_##part : Complete { \
    static constexpr Nothing part{}; \
  };                                 \
  template ActivationRow make_row<Without_##part>();
WITHOUT(name)
WITHOUT(activate)
WITHOUT(series)
WITHOUT(L0)
WITHOUT(L1)
WITHOUT(L2)
WITHOUT(L3)
WITHOUT(frozen_signs)
WITHOUT(linear)
WITHOUT(odd)
WITHOUT(zero_at_zero)
WITHOUT(work)
WITHOUT(kernel)
#endif

}  // namespace alignproof::check
