// SPDX-License-Identifier: Apache-2.0
// Balls as entries of Eigen's matrices: every sum and product is that of balls, so a computation
// written once for numbers encloses its exact result. For small matrices; `BallMatrix` is the fast
// form.
#pragma once

#include <alignproof/scalar/ball.hpp>
#include <alignproof/scalar/eigen.hpp>

namespace alignproof::inline linalg {

template <class Real>
RealBall<Real>& operator+=(RealBall<Real>& x, const RealBall<Real>& y) {
  return x = x + y;
}
template <class Real>
RealBall<Real>& operator-=(RealBall<Real>& x, const RealBall<Real>& y) {
  return x = x - y;
}
template <class Real>
RealBall<Real>& operator*=(RealBall<Real>& x, const RealBall<Real>& y) {
  return x = x * y;
}
template <class Real>
RealBall<Real>& operator/=(RealBall<Real>& x, const RealBall<Real>& y) {
  return x = x / y;
}
/// The same ball, not the same number.
template <class Real>
bool operator==(const RealBall<Real>& x, const RealBall<Real>& y) {
  return x.mid == y.mid && x.rad == y.rad;
}
template <class Real>
bool operator!=(const RealBall<Real>& x, const RealBall<Real>& y) {
  return !(x == y);
}
template <class Real>
RealBall<Real> sqrt(const RealBall<Real>& x) {
  return RealBall<Real>::sqrt(x);
}

}  // namespace alignproof::inline linalg

template <class R>
struct Eigen::NumTraits<alignproof::RealBall<R>>
    : Eigen::GenericNumTraits<alignproof::RealBall<R>> {
  using Ball = alignproof::RealBall<R>;
  using Real = Ball;
  using NonInteger = Ball;
  using Nested = Ball;
  using Literal = Ball;
  enum {
    IsInteger = 0,
    IsSigned = 1,
    IsComplex = 0,
    RequireInitialization = 1,
    ReadCost = 10,
    AddCost = 50,
    MulCost = 50
  };
};
