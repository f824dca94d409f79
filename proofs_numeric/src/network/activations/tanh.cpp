// SPDX-License-Identifier: Apache-2.0
// psi(x) = tanh x. Constants: reports/docs/activations.md; errors over balls:
// reports/docs/balls.md, section 4; roundings: reports/docs/rounding.md.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/network/activation_definition.hpp>
#include <alignproof/network/vector_tanh.hpp>

namespace alignproof::inline network {

namespace {

using Ball = RealBall<Mpfr>;

/// psi' = sech^2 a
PortableValue portable_value(double a) {
  PortableNumber x(a), y, z;
  mpfr_tanh(y, x, MPFR_RNDN);
  mpfr_sech(z, x, MPFR_RNDN);
  mpfr_sqr(z, z, MPFR_RNDN);
  return {y.rounded(), z.rounded()};
}

BallValues ball_values(const Ball& a) {
  const Ball t = Ball::tanh(a), one(Mpfr(1));
  return {t, one - t * t};
}

struct Tanh {
  static constexpr std::string_view name = "tanh";
  static constexpr int place = 1;
  static constexpr Reflection reflection = Reflection::odd;
  static constexpr bool linear = false, homogeneous = false, zero_at_zero = true;
  static constexpr bool bounded_and_smooth = true, algebraic = false;
  static constexpr FusedForm fused = FusedForm::tanh;

  template <class Real>
  static Real psi(const Real& a) {
    return Elementary<Real>::tanh(a);
  }
  template <class Real>
  static Real slope(const Real&, const Real& psi) {
    return slope_of_value(psi);
  }
  /// Computed again from tanh where that is less than to keep it.
  template <class Real>
  static Real slope_of_value(const Real& psi) {
    return Real(1) - Real(psi * psi);
  }

  template <class Real>
  static Real L0() {
    return Real(1);
  }
  template <class Real>
  static Real L1() {
    return Real(1);
  }
  /// tanh'' = -2 tanh (1 - tanh^2) is largest where tanh^2 = 1/3.
  template <class Real>
  static Real L2() {
    using std::sqrt;
    const Real root_3 = sqrt(Real(3));
    return Real(4) / (Real(3) * root_3);
  }
  /// tanh''' = (1 - tanh^2)(6 tanh^2 - 2) is largest at 0.
  template <class Real>
  static Real L3() {
    return Real(2);
  }
  template <class Real>
  static ActivationRounding rounding() {
    constexpr int l = std::is_same_v<Real, double> ? vector_tanh_error : Elementary<Real>::error;
    return {l, 0, 2 * l + 2};
  }

  static VectorForm vector_form() { return {&vector_tanh, 4.5, 10.5}; }
  static Balls balls() { return BallForm{&ball_values, 1, 0.7698003589196}; }
  static Portable portable() { return &portable_value; }
  static Kernel kernel() {
    return SeriesKernel{KernelSeries::tanh, 0, [](const Ball& Ef, const Ball&) { return Ef; }};
  }
};

}  // namespace

ActivationDefinition define_tanh() {
  return define_activation<Tanh>();
}

}  // namespace alignproof::inline network
