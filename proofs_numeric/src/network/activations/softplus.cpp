// SPDX-License-Identifier: Apache-2.0
// psi(x) = log(1 + e^x). Constants: reports/docs/activations.md; errors over balls:
// reports/docs/balls.md, section 4; roundings: reports/docs/rounding.md.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/network/activation_definition.hpp>

#include "network/ball_formulas.hpp"
#include "network/portable_formulas.hpp"

namespace alignproof::inline network {

namespace {

using Ball = RealBall<Mpfr>;

/// max(a, 0) + log(1 + e^-|a|); psi' is the sigmoid.
PortableValue portable_value(double a) {
  PortableNumber x, y;
  set_exp_minus_size(x, a);
  mpfr_log1p(y, x, MPFR_RNDN);
  if (!(a < 0)) mpfr_add_d(y, y, a, MPFR_RNDN);
  return {y.rounded(), portable_sigmoid(a).psi};
}

BallValues ball_values(const Ball& a) {
  const Ball positive(a.mid > 0 ? a.mid : Mpfr(0));
  return {positive + Ball::log1p(Ball::exp(-Ball::abs(a))), sigmoid_of(a)};
}

struct Softplus {
  static constexpr std::string_view name = "softplus";
  static constexpr int place = 4;
  static constexpr Reflection reflection = Reflection::ramp;
  static constexpr bool linear = false, homogeneous = false, zero_at_zero = false;
  static constexpr bool bounded_and_smooth = false, algebraic = false;

  template <class Real>
  static Real psi(const Real& a) {
    return alignproof::softplus(a);
  }
  template <class Real>
  static Real slope(const Real& a, const Real&) {
    return sigmoid(a);
  }

  static constexpr Missing L0{"it is not bounded"};
  /// softplus' = sigmoid
  template <class Real>
  static Real L1() {
    return Real(1);
  }
  template <class Real>
  static Real L2() {
    return Real(1) / Real(4);
  }
  template <class Real>
  static Real L3() {
    using std::sqrt;
    const Real root_3 = sqrt(Real(3));
    return Real(1) / (Real(6) * root_3);
  }
  template <class Real>
  static ActivationRounding rounding() {
    constexpr int l = Elementary<Real>::error;
    return {2 * l + 1, 0, l + 2};
  }

  static Balls balls() { return BallForm{&ball_values, 1, 0.25}; }
  static Portable portable() { return &portable_value; }
  /// x/2 + ln(2 cosh(x/2))
  static Kernel kernel() {
    return SeriesKernel{KernelSeries::log_cosh, -2,
                        [](const Ball& Ef, const Ball& Kij) { return Ef + Kij; }};
  }
};

}  // namespace

ActivationDefinition define_softplus() {
  return define_activation<Softplus>();
}

}  // namespace alignproof::inline network
