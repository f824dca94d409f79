// SPDX-License-Identifier: Apache-2.0
// Real numbers as balls of Arb. Inclusion principle: the result of an operation contains every
// value that the exact operation takes on points of its operands.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <arb.h>

namespace alignproof::check {

/// Bits to which every operation rounds while the scope lives. Rounding errors go into the radius,
/// so the choice affects what can be decided, never what is true.
class PrecisionScope {
 public:
  explicit PrecisionScope(long bits);
  ~PrecisionScope();
  PrecisionScope(const PrecisionScope&) = delete;
  PrecisionScope& operator=(const PrecisionScope&) = delete;

 private:
  long previous_;
};

/// The precision of the innermost PrecisionScope.
long precision();

/// An owned arb_t.
class Ball {
 public:
  Ball() { arb_init(value_); }
  /// Exact: every finite double is a ball of radius 0.
  Ball(double value) : Ball() { arb_set_d(value_, value); }
  Ball(const Ball& other) : Ball() { arb_set(value_, other.value_); }
  Ball(Ball&& other) noexcept : Ball() { arb_swap(value_, other.value_); }
  explicit Ball(arb_srcptr value) : Ball() { arb_set(value_, value); }
  Ball& operator=(Ball other) noexcept {
    arb_swap(value_, other.value_);
    return *this;
  }
  ~Ball() { arb_clear(value_); }

  /// Exact, unlike a conversion to double.
  static Ball count(std::size_t value);

  arb_ptr get() { return value_; }
  arb_srcptr get() const { return value_; }

 private:
  arb_t value_;
};

Ball operator+(const Ball& x, const Ball& y);
Ball operator-(const Ball& x, const Ball& y);
Ball operator*(const Ball& x, const Ball& y);
Ball operator/(const Ball& x, const Ball& y);
Ball& operator+=(Ball& x, const Ball& y);

/// The square root of a number known to be >= 0: the negative part of the ball is discarded.
Ball sqrt(const Ball& x);
Ball abs(const Ball& x);
Ball square(const Ball& x);
Ball exp(const Ball& x);
/// exp(x) - 1
Ball expm1(const Ball& x);
Ball log1p(const Ball& x);
/// Of a number that is > 0; nothing is known where the ball is not.
Ball log(const Ball& x);
/// The k-th root of a number known to be >= 0.
Ball root(const Ball& x, unsigned k);
Ball sinh(const Ball& x);
Ball cosh(const Ball& x);
Ball tanh(const Ball& x);
Ball erf(const Ball& x);
Ball erfc(const Ball& x);
Ball acos(const Ball& x);
Ball asin(const Ball& x);
/// The angle of the point (x, y).
Ball atan2(const Ball& y, const Ball& x);
Ball pi();
/// ln 2
Ball log_2();
Ball min(const Ball& x, const Ball& y);
Ball max(const Ball& x, const Ball& y);
/// Exact: the midpoint, the radius, and the least upper bound of the points of a ball.
Ball midpoint(const Ball& x);
Ball radius(const Ball& x);
Ball upper(const Ball& x);
/// The ball that holds everything within `distance` of points of x, where distance >= 0.
Ball widened(const Ball& x, const Ball& distance);
/// A ball that holds all points of both.
Ball hull(const Ball& x, const Ball& y);
/// Every number: nothing is known.
Ball unknown();

/// Euclidean norm and inner product.
Ball norm(const std::vector<Ball>& x);
Ball dot(const std::vector<Ball>& x, const std::vector<Ball>& y);

/// What is known of a statement about points of balls.
enum class Decision { proved, violated, undecided };

/// x >= y, and x > y, for all points of the balls (`proved`), for none (`violated`), or neither.
/// A ball that is not finite decides nothing.
Decision at_least(const Ball& x, const Ball& y);
Decision greater(const Ball& x, const Ball& y);

/// `violated` outranks `undecided`, which outranks `proved`.
Decision both(Decision a, Decision b);
/// About the opposite statement.
Decision opposite(Decision decision);

/// A decimal midpoint of at most `digits` correct digits; with the radius if it matters.
std::string text(const Ball& x, int digits = 6);

/// A double near the midpoint, for choices that need no proof: infinity where it overflows, NaN
/// where nothing is known.
double about(const Ball& x);

}  // namespace alignproof::check
