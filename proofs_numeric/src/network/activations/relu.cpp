// SPDX-License-Identifier: Apache-2.0
// psi(x) = max(0, x), psi'(0) = 0. Constants: reports/docs/activations.md; errors over balls:
// reports/docs/balls.md, section 4; roundings: reports/docs/rounding.md.
#include <limits>

#include <alignproof/network/activation_definition.hpp>

#include "network/ball_formulas.hpp"

namespace alignproof::inline network {

namespace {

using Ball = RealBall<Mpfr>;

/// (root + (pi - theta) c) / (2 pi), theta the angle of (c, root), root = sqrt(det).
Ball kernel_of(const GaussianPair& K) {
  if (exactly_zero(K.det)) return K.c.mid > 0 ? K.c / number(2) : number(0);
  const Ball root = Ball::sqrt(K.det);
  return (root + supplement(K.c, root) * K.c) / (number(2) * Ball::pi());
}

struct Relu {
  static constexpr std::string_view name = "relu";
  static constexpr int place = 2;
  static constexpr Reflection reflection = Reflection::ramp;
  static constexpr bool linear = false, homogeneous = true, zero_at_zero = true;
  static constexpr bool bounded_and_smooth = false, algebraic = true;
  static constexpr FusedForm fused = FusedForm::relu;

  template <class Real>
  static Real psi(const Real& a) {
    return a > Real(0) ? a : Real(0);
  }
  template <class Real>
  static Real slope(const Real& a, const Real&) {
    return Real(a > Real(0) ? 1 : 0);
  }

  static constexpr Missing L0{"it is not bounded"};
  template <class Real>
  static Real L1() {
    return Real(1);
  }
  static constexpr Missing L2{"psi' jumps at 0"};
  static constexpr Missing L3{"psi' jumps at 0"};
  template <class Real>
  static ActivationRounding rounding() {
    return {};
  }

  static Balls balls() { return BallForm{.L1 = 1, .L2 = std::numeric_limits<double>::infinity()}; }
  static Portable portable() {
    return +[](double a) { return PortableValue{a > 0 ? a : 0, a > 0 ? 1.0 : 0.0}; };
  }
  static Kernel kernel() { return &kernel_of; }
};

}  // namespace

ActivationDefinition define_relu() {
  return define_activation<Relu>();
}

}  // namespace alignproof::inline network
