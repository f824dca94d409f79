// SPDX-License-Identifier: Apache-2.0
// psi(x) = x Phi(x). Constants: reports/docs/activations.md; errors over balls:
// reports/docs/balls.md, section 4; roundings: reports/docs/rounding.md.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/network/activation_definition.hpp>

#include "network/ball_formulas.hpp"
#include "network/portable_formulas.hpp"

namespace alignproof::inline network {

namespace {

using Ball = RealBall<Mpfr>;

/// a Phi(a) with Phi(a) = erfc(-a / sqrt 2) / 2; psi' = Phi(a) + a e^(-a^2 / 2) / sqrt(2 pi).
PortableValue portable_value(double a) {
  PortableNumber x(a), y, z, root_2(2), root_pi;
  mpfr_sqrt(root_2, root_2, MPFR_RNDN);
  set_root_pi(root_pi);
  mpfr_div(y, x, root_2, MPFR_RNDN);
  mpfr_neg(y, y, MPFR_RNDN);
  mpfr_erfc(y, y, MPFR_RNDN);
  mpfr_div_2ui(y, y, 1, MPFR_RNDN);
  mpfr_sqr(z, x, MPFR_RNDN);
  mpfr_div_2ui(z, z, 1, MPFR_RNDN);
  mpfr_neg(z, z, MPFR_RNDN);
  mpfr_exp(z, z, MPFR_RNDN);
  mpfr_div(z, z, root_2, MPFR_RNDN);
  mpfr_div(z, z, root_pi, MPFR_RNDN);
  mpfr_mul(z, z, x, MPFR_RNDN);
  mpfr_add(z, z, y, MPFR_RNDN);
  mpfr_mul(y, y, x, MPFR_RNDN);
  return {y.rounded(), z.rounded()};
}

BallValues ball_values(const Ball& a) {
  const Ball two = number(2);
  const Ball Phi = Ball::erfc(-(a / Ball::sqrt(two))) / two;
  const Ball phi = Ball::exp(-(a * a / two)) / Ball::sqrt(two * Ball::pi());
  return {a * Phi, Phi + a * phi};
}

Ball kernel_of(const GaussianPair& K) {
  if (exactly_zero(K.c) && exactly_zero(K.det)) return number(0);  // a zero row
  const Ball one = number(1), root = Ball::sqrt(one + K.a + K.b + K.det);
  const auto share = [&](const Ball& own) { return K.c / (one + own) * (K.c / root); };
  return (supplement(K.c, root) * K.c + K.det / root + share(K.a) + share(K.b)) /
         (number(2) * Ball::pi());
}

struct Gelu {
  static constexpr std::string_view name = "gelu";
  static constexpr int place = 6;
  static constexpr Reflection reflection = Reflection::ramp;
  static constexpr bool linear = false, homogeneous = false, zero_at_zero = true;
  static constexpr bool bounded_and_smooth = false, algebraic = false;

  template <class Real>
  static Real psi(const Real& a) {
    return a * normal_distribution(a);
  }
  /// phi(0)
  template <class Real>
  static Real slope_scale() {
    using std::sqrt;
    return Real(1) / sqrt(Real(2) * pi_of<Real>());
  }
  template <class Real>
  static Real slope(const Real& a, const Real&, const Real& peak) {
    return normal_distribution(a) + a * (peak * Elementary<Real>::exp(Real(-a * a / Real(2))));
  }

  static constexpr Missing L0{"it is not bounded"};
  /// gelu'' = (2 - x^2) phi(x): gelu' is largest at sqrt 2, gelu'' at 0.
  template <class Real>
  static Real L1() {
    using std::sqrt;
    using Functions = Elementary<Real>;
    return (Real(1) + Functions::erf(Real(1))) / Real(2) +
           Functions::exp(Real(-1)) / sqrt(pi_of<Real>());
  }
  template <class Real>
  static Real L2() {
    using std::sqrt;
    return sqrt(Real(2)) / sqrt(pi_of<Real>());
  }
  /// gelu''' = x (x^2 - 4) phi(x) is largest at x^2 = (7 - sqrt 33) / 2.
  template <class Real>
  static Real L3() {
    using std::sqrt;
    const Real square = (Real(7) - sqrt(Real(33))) / Real(2);
    return sqrt(square) * (Real(4) - square) * slope_scale<Real>() *
           Elementary<Real>::exp(Real(-square / Real(2)));
  }
  template <class Real>
  static ActivationRounding rounding() {
    constexpr int l = Elementary<Real>::error, lc = Elementary<Real>::erfc_error;
    return {lc + 1, 1, lc + l + 3};
  }

  static Balls balls() { return BallForm{&ball_values, 1.1289041451852, 0.7978845608029}; }
  static Portable portable() { return &portable_value; }
  static Kernel kernel() { return &kernel_of; }
};

}  // namespace

ActivationDefinition define_gelu() {
  return define_activation<Gelu>();
}

}  // namespace alignproof::inline network
