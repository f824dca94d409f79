// SPDX-License-Identifier: Apache-2.0
// psi(x) = 1 / (1 + e^-x). Constants: reports/docs/activations.md; errors over balls:
// reports/docs/balls.md, section 4; roundings: reports/docs/rounding.md.
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/network/activation_definition.hpp>

#include "network/ball_formulas.hpp"
#include "network/portable_formulas.hpp"

namespace alignproof::inline network {

namespace {

using Ball = RealBall<Mpfr>;

BallValues ball_values(const Ball& a) {
  const Ball s = sigmoid_of(a);
  return {s, s * sigmoid_of(-a)};
}

struct Sigmoid {
  static constexpr std::string_view name = "sigmoid";
  static constexpr int place = 3;
  static constexpr Reflection reflection = Reflection::step;
  static constexpr bool linear = false, homogeneous = false, zero_at_zero = false;
  static constexpr bool bounded_and_smooth = true, algebraic = false;
  static constexpr FusedForm fused = FusedForm::sigmoid;

  template <class Real>
  static Real psi(const Real& a) {
    return alignproof::sigmoid(a);
  }
  template <class Real>
  static Real slope(const Real&, const Real& s) {
    return s * (Real(1) - s);
  }

  template <class Real>
  static Real L0() {
    return Real(1);
  }
  /// sigmoid(x) = (1 + tanh(x/2)) / 2, so that the constants are those of tanh by 4, 8 and 16.
  template <class Real>
  static Real L1() {
    return Real(1) / Real(4);
  }
  template <class Real>
  static Real L2() {
    using std::sqrt;
    const Real root_3 = sqrt(Real(3));
    return Real(1) / (Real(6) * root_3);
  }
  template <class Real>
  static Real L3() {
    return Real(1) / Real(8);
  }
  template <class Real>
  static ActivationRounding rounding() {
    constexpr int l = Elementary<Real>::error;
    return {l + 2, 0, 4 * l + 12};
  }

  static Balls balls() { return BallForm{&ball_values, 0.25, 0.09622504486494}; }
  static Portable portable() { return &portable_sigmoid; }
  /// (1 + tanh(x/2)) / 2
  static Kernel kernel() {
    return SeriesKernel{KernelSeries::tanh, -2,
                        [](const Ball& Ef, const Ball&) { return (number(1) + Ef) / number(4); }};
  }
};

}  // namespace

ActivationDefinition define_sigmoid() {
  return define_activation<Sigmoid>();
}

}  // namespace alignproof::inline network
