// SPDX-License-Identifier: Apache-2.0
#include <alignproof/scalar/mpfr.hpp>

#include <fmt/format.h>

namespace alignproof::inline scalar {

ScopedDigits::ScopedDigits(unsigned digits) : before_(Mpfr::thread_default_precision()) {
  if (digits < min_digits || digits > max_digits)
    throw InputError("digits", fmt::format("{}", digits),
                     fmt::format("{} to {} (fewer cannot hold a double)", min_digits, max_digits));
  Mpfr::thread_default_precision(digits);
}

ScopedDigits::~ScopedDigits() {
  Mpfr::thread_default_precision(before_);
}

Mpfr Elementary<Mpfr>::log1p(const Mpfr& a) {
  Mpfr result;
  mpfr_log1p(result.backend().data(), a.backend().data(), MPFR_RNDN);
  return result;
}

Mpfr Elementary<Mpfr>::erf(const Mpfr& a) {
  Mpfr result;
  mpfr_erf(result.backend().data(), a.backend().data(), MPFR_RNDN);
  return result;
}

Mpfr Elementary<Mpfr>::erfc(const Mpfr& a) {
  Mpfr result;
  mpfr_erfc(result.backend().data(), a.backend().data(), MPFR_RNDN);
  return result;
}

template <>
Mpfr unit_roundoff<Mpfr>() {
  const Mpfr one = 1;
  return ldexp(one, -static_cast<int>(mpfr_get_prec(one.backend().data())));
}

}  // namespace alignproof::inline scalar
