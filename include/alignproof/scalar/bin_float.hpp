// SPDX-License-Identifier: Apache-2.0
// Arbitrary precision without a library beneath it: Boost's cpp_bin_float, digits fixed at compile
// time. Slower than Mpfr and independent of it, so that each can be held against the other.
#pragma once

#include <limits>

#include <alignproof/scalar/eigen.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/eigen.hpp>

#include <alignproof/scalar/elementary.hpp>
#include <alignproof/scalar/scalar.hpp>

namespace alignproof::inline scalar {

/// 100 decimal digits.
using BinFloat100 = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<100>,
                                                  boost::multiprecision::et_off>;

/// Boost states no bound for its functions. Its exp was seen to err by about 1.3 |a| roundoffs and
/// erfc, which needs exp(-a^2), by 900 at a = 28: the numbers below are what the tests hold them to
/// for |a| <= 40.
template <>
struct Elementary<BinFloat100> {
  static constexpr bool exists = true;
  static constexpr int error = 128, erfc_error = 2048;

  static BinFloat100 exp(const BinFloat100& a);
  static BinFloat100 tanh(const BinFloat100& a);
  static BinFloat100 log1p(const BinFloat100& a);
  static BinFloat100 erf(const BinFloat100& a);
  static BinFloat100 erfc(const BinFloat100& a);
};

template <>
inline BinFloat100 unit_roundoff<BinFloat100>() {
  return std::numeric_limits<BinFloat100>::epsilon() / 2;
}

}  // namespace alignproof::inline scalar
