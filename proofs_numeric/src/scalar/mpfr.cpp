// SPDX-License-Identifier: Apache-2.0
#include <alignproof/scalar/mpfr.hpp>

#include <fmt/format.h>

namespace alignproof {

ScopedDigits::ScopedDigits(unsigned digits) : before_(Mpfr::thread_default_precision()) {
  if (digits < min_digits || digits > max_digits)
    throw InputError("digits", fmt::format("{}", digits),
                     fmt::format("{} to {} (fewer cannot hold a double)", min_digits, max_digits));
  Mpfr::thread_default_precision(digits);
}

ScopedDigits::~ScopedDigits() {
  Mpfr::thread_default_precision(before_);
}

template <>
Mpfr unit_roundoff<Mpfr>() {
  const Mpfr one = 1;
  return ldexp(one, -static_cast<int>(mpfr_get_prec(one.backend().data())));
}

}  // namespace alignproof
