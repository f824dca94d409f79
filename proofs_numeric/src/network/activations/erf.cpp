// SPDX-License-Identifier: Apache-2.0
// psi(x) = erf x. Constants: reports/docs/activations.md; errors over balls: reports/docs/balls.md,
// section 4; roundings: reports/docs/rounding.md.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/network/activation_definition.hpp>

#include "network/ball_formulas.hpp"
#include "network/portable_formulas.hpp"

namespace alignproof::inline network {

namespace {

using Ball = RealBall<Mpfr>;

/// psi' = 2 e^(-a^2) / sqrt pi
PortableValue portable_value(double a) {
  PortableNumber x(a), y, z;
  mpfr_erf(y, x, MPFR_RNDN);
  mpfr_sqr(z, x, MPFR_RNDN);
  mpfr_neg(z, z, MPFR_RNDN);
  mpfr_exp(z, z, MPFR_RNDN);
  mpfr_mul_2ui(z, z, 1, MPFR_RNDN);
  PortableNumber root;
  set_root_pi(root);
  mpfr_div(z, z, root, MPFR_RNDN);
  return {y.rounded(), z.rounded()};
}

BallValues ball_values(const Ball& a) {
  return {Ball::erf(a), number(2) / Ball::sqrt(Ball::pi()) * Ball::exp(-(a * a))};
}

/// (2 / pi) arcsin(2 c / sqrt((1 + 2a)(1 + 2b))), as an arc tangent.
Ball kernel_of(const GaussianPair& K) {
  if (exactly_zero(K.c)) return number(0);
  const Ball rest = number(1) + number(2) * (K.a + K.b) + number(4) * K.det;
  return number(2) * Ball::atan(number(2) * K.c / Ball::sqrt(rest)) / Ball::pi();
}

template <class Real>
Real root_pi() {
  using std::sqrt;
  return sqrt(pi_of<Real>());
}

struct Erf {
  static constexpr std::string_view name = "erf";
  static constexpr int place = 5;
  static constexpr Reflection reflection = Reflection::odd;
  static constexpr bool linear = false, homogeneous = false, zero_at_zero = true;
  static constexpr bool bounded_and_smooth = true, algebraic = false;

  template <class Real>
  static Real psi(const Real& a) {
    return Elementary<Real>::erf(a);
  }
  template <class Real>
  static Real slope_scale() {
    return Real(2) / root_pi<Real>();
  }
  template <class Real>
  static Real slope(const Real& a, const Real&, const Real& peak) {
    return peak * Elementary<Real>::exp(Real(-a * a));
  }

  template <class Real>
  static Real L0() {
    return Real(1);
  }
  template <class Real>
  static Real L1() {
    return Real(2) / root_pi<Real>();
  }
  /// erf'' = -(4 / sqrt pi) x e^(-x^2) is largest at x^2 = 1/2.
  template <class Real>
  static Real L2() {
    using std::sqrt;
    return Real(2) * sqrt(Real(2)) / (root_pi<Real>() * Elementary<Real>::exp(Real(1) / Real(2)));
  }
  /// erf''' = (4 x^2 - 2) erf' is largest at 0.
  template <class Real>
  static Real L3() {
    return Real(4) / root_pi<Real>();
  }
  template <class Real>
  static ActivationRounding rounding() {
    constexpr int l = Elementary<Real>::error;
    return {l, 0, l + 4};
  }

  static Balls balls() { return BallForm{&ball_values, 1.1283791670956, 0.9678828980766}; }
  static Portable portable() { return &portable_value; }
  static Kernel kernel() { return &kernel_of; }
};

}  // namespace

ActivationDefinition define_erf() {
  return define_activation<Erf>();
}

}  // namespace alignproof::inline network
