// SPDX-License-Identifier: Apache-2.0
// Doubles on a stated side of what is known more closely.
#pragma once

#include <alignproof/scalar/ball.hpp>
#include <alignproof/scalar/mpfr.hpp>

namespace alignproof::inline scalar {

inline double rounded(const Mpfr& x, mpfr_rnd_t mode) {
  return mpfr_get_d(x.backend().data(), mode);
}

/// At least, at most every value in the ball.
inline double above(const RealBall<Mpfr>& x) {
  return rounded(x.upper(), MPFR_RNDU);
}
inline double below(const RealBall<Mpfr>& x) {
  return rounded(x.lower(), MPFR_RNDD);
}

}  // namespace alignproof::inline scalar
