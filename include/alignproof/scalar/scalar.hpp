// SPDX-License-Identifier: Apache-2.0
// What the library asks of a number type, and the types it is compiled for.
#pragma once

#include <cmath>
#include <concepts>
#include <string>
#include <type_traits>

#include <alignproof/core/error.hpp>

namespace alignproof::inline scalar {

/// A field with an order: float, double, Mpfr, BinFloat100, Exact. The requirements stand as a
/// table in reports/docs/scalars.md.
template <class Real>
concept Scalar = std::copyable<Real> && std::constructible_from<Real, double> &&
    requires(Real a, Real b) {
  { a + b } -> std::convertible_to<Real>;
  { a - b } -> std::convertible_to<Real>;
  { a* b } -> std::convertible_to<Real>;
  { a / b } -> std::convertible_to<Real>;
  { a < b } -> std::convertible_to<bool>;
};

/// The nearest double.
template <class Real>
double to_double(const Real& a) {
  if constexpr (std::is_floating_point_v<Real>)
    return a;
  else
    return a.template convert_to<double>();
}

/// Unit roundoff u of the type as it is now: an operation errs by at most u relative to its result.
template <class Real>
Real unit_roundoff();
template <>
inline double unit_roundoff<double>() {
  return 0x1p-53;
}
template <>
inline float unit_roundoff<float>() {
  return 0x1p-24f;
}

}  // namespace alignproof::inline scalar
