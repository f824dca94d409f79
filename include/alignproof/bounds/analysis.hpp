// SPDX-License-Identifier: Apache-2.0
// The few functions of analysis that a-priori bounds need, over doubles (for guesses) and over
// balls (for what is claimed), so that one template is both.
#pragma once

#include <cmath>
#include <numbers>

#include <alignproof/scalar/ball.hpp>
#include <alignproof/scalar/mpfr.hpp>

namespace alignproof::inline bounds {

template <class Real>
struct Analysis;

template <>
struct Analysis<double> {
  static double sqrt(double x) { return std::sqrt(x); }
  static double exp(double x) { return std::exp(x); }
  static double log(double x) { return std::log(x); }
  static double log1p(double x) { return std::log1p(x); }
  static double cbrt(double x) { return std::cbrt(x); }
  static double pi() { return std::numbers::pi; }
  static bool at_least(double x, double y) { return x >= y; }
  static double lesser(double x, double y) { return x <= y ? x : y; }
  static double greater(double x, double y) { return x >= y ? x : y; }
};

template <>
struct Analysis<RealBall<Mpfr>> {
  using Ball = RealBall<Mpfr>;

  static Ball sqrt(const Ball& x) { return Ball::sqrt(x); }
  static Ball exp(const Ball& x) { return Ball::exp(x); }
  /// Of what is certainly positive; infinite radius elsewhere.
  static Ball log(const Ball& x) { return Ball::log1p(x - Ball(Mpfr(1))); }
  static Ball log1p(const Ball& x) { return Ball::log1p(x); }
  /// Of what is certainly positive; infinite radius elsewhere.
  static Ball cbrt(const Ball& x) { return exp(log(x) / Ball(Mpfr(3))); }
  static Ball pi() { return Ball::pi(); }
  /// Every point of x is at least every point of y.
  static bool at_least(const Ball& x, const Ball& y) {
    return x.bounded() && y.bounded() && x.lower() >= y.upper();
  }
  /// One of the two, of less upper bound: where both bound the same number, both may stand for it.
  static Ball lesser(const Ball& x, const Ball& y) { return x.upper() <= y.upper() ? x : y; }
  /// Encloses the larger number.
  static Ball greater(const Ball& x, const Ball& y) {
    const Mpfr low = x.lower() >= y.lower() ? x.lower() : y.lower();
    const Mpfr high = x.upper() >= y.upper() ? x.upper() : y.upper();
    return Ball::between(low, high);
  }
};

/// x^(1/4).
template <class Real>
Real fourth_root(const Real& x) {
  return Analysis<Real>::sqrt(Analysis<Real>::sqrt(x));
}

/// A polynomial by its coefficients of S^0, S^1, ...
template <class Polynomial, class Real = typename Polynomial::value_type>
Real value_at(const Polynomial& coefficients, const Real& S) {
  Real value(0);
  for (std::size_t k = coefficients.size(); k-- > 0;) value = value * S + coefficients[k];
  return value;
}

/// Its integral from 0 to S.
template <class Polynomial, class Real = typename Polynomial::value_type>
Real integral_to(const Polynomial& coefficients, const Real& S) {
  Real value(0);
  for (std::size_t k = coefficients.size(); k-- > 0;)
    value = value * S + coefficients[k] / Real(static_cast<double>(k + 1));
  return value * S;
}

}  // namespace alignproof::inline bounds
