// SPDX-License-Identifier: Apache-2.0
// Balls [mid - rad, mid + rad] over a number type. Inclusion principle: the result of an operation
// contains every value that the exact operation takes on points of its operands.
//
// This holds in every rounding mode: errors are bounded beforehand, none is rounded away. Proofs:
// reports/docs/balls.md.
#pragma once

namespace alignproof::inline scalar {

/// Real is double or Mpfr; everything is compiled in the library. A ball of infinite radius says
/// nothing: it stands wherever an operand is no number, a divisor may be 0 or the result may
/// overflow.
template <class Real>
struct RealBall {
  Real mid = Real(0);
  Real rad = Real(0);

  RealBall() = default;
  /// The number itself; NaN and infinities give the ball of infinite radius.
  RealBall(const Real& exact);  // NOLINT: numbers convert
  /// Infinite radius unless both are numbers and rad >= 0.
  RealBall(const Real& mid_, const Real& rad_);

  static RealBall everything();
  /// A ball around [low, high]. Infinite radius unless low <= high.
  static RealBall between(const Real& low, const Real& high);
  static RealBall pi();

  bool bounded() const;  ///< the radius is finite
  Real lower() const;    ///< a lower bound of every point, -infinity if there is none
  Real upper() const;

  RealBall operator-() const;
  friend RealBall operator+(const RealBall& x, const RealBall& y) { return sum(x, y); }
  friend RealBall operator-(const RealBall& x, const RealBall& y) { return sum(x, -y); }
  friend RealBall operator*(const RealBall& x, const RealBall& y) { return product(x, y); }
  friend RealBall operator/(const RealBall& x, const RealBall& y) { return quotient(x, y); }

  /// Every point of x is less than every point of y. False also where that cannot be decided.
  friend bool certainly_less(const RealBall& x, const RealBall& y) { return x.upper() < y.lower(); }
  friend bool certainly_positive(const RealBall& x) { return x.lower() > Real(0); }
  friend bool certainly_negative(const RealBall& x) { return x.upper() < Real(0); }
  /// x is certainly a point of the ball (an inner ball certainly a part of the outer one); false
  /// also within rounding of its edge.
  friend bool certainly_contains(const RealBall& outer, const RealBall& inner) {
    return covers(outer, inner);
  }

  static RealBall abs(const RealBall& x);
  /// Over the points that are not negative. Infinite radius if there are none.
  static RealBall sqrt(const RealBall& x);
  static RealBall exp(const RealBall& x);
  static RealBall tanh(const RealBall& x);
  static RealBall log1p(const RealBall& x);  ///< infinite radius unless x is certainly > -1
  static RealBall atan(const RealBall& x);
  static RealBall erf(const RealBall& x);
  static RealBall erfc(const RealBall& x);

 private:
  static RealBall sum(const RealBall& x, const RealBall& y);
  static RealBall product(const RealBall& x, const RealBall& y);
  static RealBall quotient(const RealBall& x, const RealBall& y);
  static bool covers(const RealBall& outer, const RealBall& inner);
};

/// A ball in the other number type that contains this one.
template <class To, class From>
RealBall<To> ball_cast(const RealBall<From>& x);

}  // namespace alignproof::inline scalar
