// SPDX-License-Identifier: Apache-2.0
// psi(x) = arctan x. Constants: reports/docs/activations.md; errors over balls:
// reports/docs/balls.md, section 4; roundings: reports/docs/rounding.md.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/network/activation_definition.hpp>

#include "network/ball_formulas.hpp"

namespace alignproof::inline network {

namespace {

using Ball = RealBall<Mpfr>;

PortableValue portable_value(double a) {
  PortableNumber x(a), y;
  mpfr_atan(y, x, MPFR_RNDN);
  mpfr_sqr(x, x, MPFR_RNDN);
  mpfr_add_ui(x, x, 1, MPFR_RNDN);
  mpfr_ui_div(x, 1, x, MPFR_RNDN);
  return {y.rounded(), x.rounded()};
}

BallValues ball_values(const Ball& a) {
  return {Ball::atan(a), number(1) / (number(1) + a * a)};
}

struct Arctan {
  static constexpr std::string_view name = "arctan";
  static constexpr int place = 8;
  static constexpr Reflection reflection = Reflection::odd;
  static constexpr bool linear = false, homogeneous = false, zero_at_zero = true;
  static constexpr bool bounded_and_smooth = true, algebraic = false;

  template <class Real>
  static Real psi(const Real& a) {
    using std::atan;
    return atan(a);
  }
  template <class Real>
  static Real slope(const Real& a, const Real&) {
    return Real(1) / (Real(1) + a * a);
  }

  template <class Real>
  static Real L0() {
    return pi_of<Real>() / Real(2);
  }
  template <class Real>
  static Real L1() {
    return Real(1);
  }
  /// arctan'' = -2x / (1 + x^2)^2 is largest at x^2 = 1/3.
  template <class Real>
  static Real L2() {
    using std::sqrt;
    return Real(3) * sqrt(Real(3)) / Real(8);
  }
  /// arctan''' = (6 x^2 - 2) / (1 + x^2)^3 is largest at 0.
  template <class Real>
  static Real L3() {
    return Real(2);
  }
  template <class Real>
  static ActivationRounding rounding() {
    return {Elementary<Real>::error, 0, 4};
  }

  static Balls balls() { return BallForm{&ball_values, 1, 0.6495190528384}; }
  static Portable portable() { return &portable_value; }
  static Kernel kernel() {
    return Missing{"no closed form of its limit kernel is known, and no series of it is proved"};
  }
};

}  // namespace

ActivationDefinition define_arctan() {
  return define_activation<Arctan>();
}

}  // namespace alignproof::inline network
