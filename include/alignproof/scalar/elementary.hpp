// SPDX-License-Identifier: Apache-2.0
// The transcendental functions that activations need, one place a number type.
#pragma once

#include <cmath>

namespace alignproof::inline scalar {

/// exp, tanh, log(1 + x), erf and its complement. Here for float and double by libm; specialised
/// beside the other types. `exists` is false for a type that has no transcendental functions.
template <class Real>
struct Elementary {
  static constexpr bool exists = true;
  /// Relative error of a function in unit roundoffs: 2 ulp, as glibc documents for these; of erfc
  /// alone 5 ulp.
  static constexpr int error = 4, erfc_error = 10;

  static Real exp(Real a) { return std::exp(a); }
  static Real tanh(Real a) { return std::tanh(a); }
  static Real log1p(Real a) { return std::log1p(a); }
  static Real erf(Real a) { return std::erf(a); }
  static Real erfc(Real a) { return std::erfc(a); }
};

/// 4 atan 1 in the type.
template <class Real>
Real pi_of() {
  using std::atan;
  return Real(4) * atan(Real(1));
}

}  // namespace alignproof::inline scalar
