// SPDX-License-Identifier: Apache-2.0
// An activation of the library with all its parts, and with each part taken away.
#include <alignproof/network/activation_definition.hpp>

namespace alignproof {

struct Complete {
  static constexpr std::string_view name = "half";
  static constexpr Reflection reflection = Reflection::odd;
  static constexpr bool linear = false, homogeneous = true, zero_at_zero = true;
  static constexpr bool bounded_and_smooth = false, algebraic = true;
  template <class Real>
  static Real psi(const Real& a) {
    return a / Real(2);
  }
  template <class Real>
  static Real slope(const Real&, const Real&) {
    return Real(1) / Real(2);
  }
  static constexpr Missing L0{"it is not bounded"};
  template <class Real>
  static Real L1() {
    return Real(1) / Real(2);
  }
  template <class Real>
  static Real L2() {
    return Real(0);
  }
  template <class Real>
  static Real L3() {
    return Real(0);
  }
  template <class Real>
  static ActivationRounding rounding() {
    return {};
  }
  static Balls balls() { return Missing{"nobody wrote them"}; }
  static Portable portable() { return Missing{"nobody wrote them"}; }
  static Kernel kernel() { return Missing{"nobody wrote it"}; }
};
template ActivationDefinition define_activation<Complete>();

#ifdef WITHOUT_PARTS
struct Nothing {};
#define WITHOUT(part)                \
  struct Without_##part : Complete { \
    static constexpr Nothing part{}; \
  };                                 \
  template ActivationDefinition define_activation<Without_##part>();
WITHOUT(name)
WITHOUT(psi)
WITHOUT(slope)
WITHOUT(algebraic)
WITHOUT(L0)
WITHOUT(L1)
WITHOUT(L2)
WITHOUT(L3)
WITHOUT(zero_at_zero)
WITHOUT(reflection)
WITHOUT(linear)
WITHOUT(homogeneous)
WITHOUT(bounded_and_smooth)
WITHOUT(rounding)
WITHOUT(balls)
WITHOUT(portable)
WITHOUT(kernel)
#endif

}  // namespace alignproof
