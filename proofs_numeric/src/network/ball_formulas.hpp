// SPDX-License-Identifier: Apache-2.0
// Formulas in balls that several activations need. Private to the library.
#pragma once

#include <alignproof/scalar/ball.hpp>
#include <alignproof/scalar/mpfr.hpp>

namespace alignproof::inline network {

inline RealBall<Mpfr> number(double exact) {
  return Mpfr(exact);
}

/// 1 / (1 + e^-a), by e^-|a|, which cannot overflow.
inline RealBall<Mpfr> sigmoid_of(const RealBall<Mpfr>& a) {
  const RealBall<Mpfr> one = number(1), E = RealBall<Mpfr>::exp(-RealBall<Mpfr>::abs(a));
  return (a.mid < 0 ? E : one) / (one + E);
}

/// pi minus the angle of the point (c, root), root > 0.
inline RealBall<Mpfr> supplement(const RealBall<Mpfr>& c, const RealBall<Mpfr>& root) {
  return RealBall<Mpfr>::pi() / number(2) + RealBall<Mpfr>::atan(c / root);
}

}  // namespace alignproof::inline network
