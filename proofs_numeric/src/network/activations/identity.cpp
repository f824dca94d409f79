// SPDX-License-Identifier: Apache-2.0
// psi(x) = x. Constants: reports/docs/activations.md; errors over balls: reports/docs/balls.md,
// section 4; roundings: reports/docs/rounding.md.
#include <alignproof/network/activation_definition.hpp>

namespace alignproof::inline network {

namespace {

using Ball = RealBall<Mpfr>;

/// E uv.
Ball kernel_of(const GaussianPair& K) {
  return K.c;
}

struct Identity {
  static constexpr std::string_view name = "identity";
  static constexpr int place = 0;
  static constexpr Reflection reflection = Reflection::odd;
  static constexpr bool linear = true, homogeneous = true, zero_at_zero = true;
  static constexpr bool bounded_and_smooth = false, algebraic = true;
  static constexpr FusedForm fused = FusedForm::identity;

  template <class Real>
  static Real psi(const Real& a) {
    return a;
  }
  template <class Real>
  static Real slope(const Real&, const Real&) {
    return Real(1);
  }

  static constexpr Missing L0{"it is not bounded"};
  template <class Real>
  static Real L1() {
    return Real(1);
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

  static Balls balls() { return BallForm{.L1 = 1, .L2 = 0}; }
  static Portable portable() {
    return +[](double a) { return PortableValue{a, 1}; };
  }
  static Kernel kernel() { return &kernel_of; }
};

}  // namespace

ActivationDefinition define_identity() {
  return define_activation<Identity>();
}

}  // namespace alignproof::inline network
