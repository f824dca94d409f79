// SPDX-License-Identifier: Apache-2.0
// Upper bounds of non-negative numbers in floating point, for every rounding mode. Private to the
// library, where products and sums are never contracted. Proofs: reports/docs/balls.md, section 1.
#pragma once

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <limits>

#include <alignproof/scalar/mpfr.hpp>

#ifdef __FAST_MATH__
#error "rigorous bounds must not be compiled with -ffast-math"
#endif
#if FLT_EVAL_METHOD != 0
#error "rigorous bounds need doubles evaluated as doubles (on x86: SSE2, not x87)"
#endif

namespace alignproof::inline scalar {

/// An operation errs by at most two_u |result| + least; above huge it may have overflowed.
template <class Real>
struct Format;

template <>
struct Format<double> {
  static_assert(std::numeric_limits<double>::is_iec559);
  static constexpr double two_u(double) { return 0x1p-52; }
  static constexpr double two_u() { return 0x1p-52; }
  static constexpr double least() { return 0x1p-1022; }
  static constexpr double huge() { return 0x1p1000; }
  static constexpr double infinity() { return std::numeric_limits<double>::infinity(); }
};

template <>
struct Format<Mpfr> {
  static constexpr long exponent = 1000000000;

  static Mpfr power_of_2(long k) {
    Mpfr result = 1;
    mpfr_mul_2si(result.backend().data(), result.backend().data(), k, MPFR_RNDN);
    return result;
  }
  /// By the precision that the number has, which may differ from the thread's.
  static Mpfr two_u(const Mpfr& a) { return power_of_2(1 - mpfr_get_prec(a.backend().data())); }
  static Mpfr two_u() { return two_u(Mpfr(1)); }
  static Mpfr least() { return power_of_2(-exponent); }
  static Mpfr huge() { return power_of_2(exponent); }
  static Mpfr infinity() { return std::numeric_limits<Mpfr>::infinity(); }
};

/// Given x >= 0 computed by one operation, an upper bound of the exact result. Infinity if that may
/// have overflowed, or if x is no number.
template <class Real>
inline Real raise(const Real& x) {
  using F = Format<Real>;
  const Real factor = Real(1) + Real(4) * F::two_u(x);
  const Real bound = x * factor + Real(4) * F::least();
  return x <= F::huge() ? bound : F::infinity();
}

/// Given x, of either sign, computed by one operation, a lower bound of the exact result.
template <class Real>
inline Real below(const Real& x) {
  using F = Format<Real>;
  if (!(x > Real(0))) return -raise(Real(-x));
  if (!(x <= F::huge())) return F::huge();
  const Real factor = Real(1) - Real(4) * F::two_u(x);
  return x * factor - Real(4) * F::least();
}

template <class Real>
inline Real above(const Real& x) {
  return -below(Real(-x));
}

// Upper bounds of a + b, a b, a / b, sqrt a for a, b >= 0.
template <class Real>
inline Real add_up(const Real& a, const Real& b) {
  return raise(Real(a + b));
}
template <class Real>
inline Real mul_up(const Real& a, const Real& b) {
  return raise(Real(a * b));
}
template <class Real>
inline Real div_up(const Real& a, const Real& b) {
  return b > Real(0) ? raise(Real(a / b)) : Format<Real>::infinity();
}
template <class Real>
inline Real sqrt_up(const Real& a) {
  using std::sqrt;
  return raise(Real(sqrt(a)));
}

template <class Real>
inline Real size_of(const Real& a) {
  using std::abs;
  return abs(a);
}

/// Bound of the rounding error of an operation with this result.
template <class Real>
inline Real slack(const Real& result) {
  using F = Format<Real>;
  return add_up(mul_up(F::two_u(result), size_of(result)), F::least());
}

/// Upper bound of gamma = k two_u / (1 - k two_u): the relative error of k roundings in a row.
/// Infinity unless it is at most 1/4.
template <class Real>
Real gamma_up(double k, const Real& two_u) {
  const Real sum = mul_up(Real(k), two_u);
  if (!(sum <= Real(0.125))) return Format<Real>::infinity();
  return div_up(sum, below(Real(Real(1) - sum)));
}

/// A sum of products of non-negative numbers was computed as x, in any order, no term through more
/// than k roundings, `terms` products in all: factor x + offset bounds the exact sum.
template <class Real>
struct SumBound {
  Real factor, offset;

  SumBound(double k, double terms, const Real& two_u)
      : factor(add_up(Real(1), Real(2 * gamma_up(k + 4, two_u)))),
        offset(mul_up(Real(16 * terms), Format<Real>::least())) {}

  Real operator()(const Real& x) const {
    const Real bound = x * factor + offset;
    return bound <= Format<Real>::huge() ? bound : Format<Real>::infinity();
  }
};

}  // namespace alignproof::inline scalar
