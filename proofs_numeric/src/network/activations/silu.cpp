// SPDX-License-Identifier: Apache-2.0
// psi(x) = x / (1 + e^-x). Constants: reports/docs/activations.md; errors over balls:
// reports/docs/balls.md, section 4; roundings: reports/docs/rounding.md.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/network/activation_definition.hpp>

#include "network/ball_formulas.hpp"
#include "network/portable_formulas.hpp"

namespace alignproof::inline network {

namespace {

using Ball = RealBall<Mpfr>;

/// a s and s + a s (1 - s), where 1 - s is the sigmoid of -a.
PortableValue portable_value(double a) {
  PortableNumber s, complement, x(a);
  set_sigmoids(s, complement, a);
  mpfr_mul(x, x, s, MPFR_RNDN);
  mpfr_mul(complement, complement, x, MPFR_RNDN);
  mpfr_add(s, s, complement, MPFR_RNDN);
  return {x.rounded(), s.rounded()};
}

BallValues ball_values(const Ball& a) {
  const Ball s = sigmoid_of(a), psi = a * s;
  return {psi, s + psi * sigmoid_of(-a)};
}

struct Silu {
  static constexpr std::string_view name = "silu";
  static constexpr int place = 7;
  static constexpr Reflection reflection = Reflection::ramp;
  static constexpr bool linear = false, homogeneous = false, zero_at_zero = true;
  static constexpr bool bounded_and_smooth = false, algebraic = false;

  template <class Real>
  static Real psi(const Real& a) {
    return a * sigmoid(a);
  }
  template <class Real>
  static Real slope(const Real& a, const Real& psi) {
    return sigmoid(a) + psi * sigmoid(Real(-a));
  }

  static constexpr Missing L0{"it is not bounded"};
  /// silu'' vanishes where x tanh(x/2) = 2, and there silu' = 1/2 + x/4. Newton's method doubles
  /// the digits of x.
  template <class Real>
  static Real L1() {
    using Functions = Elementary<Real>;
    Real x(2.399357280515468);
    for (int doubled = 0; doubled < 11; ++doubled) {
      const Real t = Functions::tanh(Real(x / Real(2)));
      const Real change = (x * t - Real(2)) / (t + x * (Real(1) - t * t) / Real(2));
      x -= change;
      if (change == Real(0)) break;
    }
    return Real(1) / Real(2) + x / Real(4);
  }
  template <class Real>
  static Real L2() {
    return Real(1) / Real(2);
  }
  /// An upper bound: |silu'''| is largest at 1.0319..., where it is 0.308181515796...
  template <class Real>
  static Real L3() {
    return Real(30818152) / Real(100000000);
  }
  template <class Real>
  static ActivationRounding rounding() {
    constexpr int l = Elementary<Real>::error;
    return {l + 3, 0, 2 * l + 6};
  }

  static Balls balls() { return BallForm{&ball_values, 1.0998393201289, 0.5}; }
  static Portable portable() { return &portable_value; }
  static Kernel kernel() {
    return Missing{"no closed form of its limit kernel is known, and no series of it is proved"};
  }
};

}  // namespace

ActivationDefinition define_silu() {
  return define_activation<Silu>();
}

}  // namespace alignproof::inline network
