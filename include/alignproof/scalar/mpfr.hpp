// SPDX-License-Identifier: Apache-2.0
// Arbitrary precision: MPFR through Boost.Multiprecision, digits chosen at run time.
#pragma once

#include <alignproof/scalar/eigen.hpp>

#include <boost/multiprecision/eigen.hpp>
#include <boost/multiprecision/mpfr.hpp>

#include <alignproof/scalar/elementary.hpp>
#include <alignproof/scalar/scalar.hpp>

namespace alignproof::inline scalar {

/// Decimal digits are the thread's: hold a ScopedDigits wherever an Mpfr is made. Without
/// expression templates, since Eigen has its own.
using Mpfr = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<0>,
                                           boost::multiprecision::et_off>;

/// Fewer digits than a double has could not hold the data exactly.
inline constexpr unsigned min_digits = 17;
inline constexpr unsigned max_digits = 10000;

/// Sets the decimal digits of every Mpfr made by this thread, until the end of the scope.
/// Throws InputError unless min_digits <= digits <= max_digits.
class ScopedDigits {
 public:
  explicit ScopedDigits(unsigned digits);
  ~ScopedDigits();
  ScopedDigits(const ScopedDigits&) = delete;
  ScopedDigits& operator=(const ScopedDigits&) = delete;

 private:
  unsigned before_;
};

/// MPFR rounds its functions correctly.
template <>
struct Elementary<Mpfr> {
  static constexpr bool exists = true;
  static constexpr int error = 1, erfc_error = 1;

  static Mpfr exp(const Mpfr& a) { return boost::multiprecision::exp(a); }
  static Mpfr tanh(const Mpfr& a) { return boost::multiprecision::tanh(a); }
  static Mpfr log1p(const Mpfr& a);
  static Mpfr erf(const Mpfr& a);
  static Mpfr erfc(const Mpfr& a);
};

/// 2^-bits of the thread's current precision.
template <>
Mpfr unit_roundoff<Mpfr>();

}  // namespace alignproof::inline scalar
