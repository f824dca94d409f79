// SPDX-License-Identifier: Apache-2.0
#include <alignproof/scalar/ieee.hpp>

#include <mpfr.h>

#include <stdexcept>
#include <string>

#include <alignproof/core/floating_point.hpp>

#include "scalar/upward.hpp"

namespace alignproof::inline scalar {

namespace {

[[noreturn]] void refuse(const char* who, const char* state, const char* needed) {
  throw std::runtime_error(std::string(who) + ": " + state + " in this thread; bounds need " +
                           needed);
}

}  // namespace

void require_ieee_arithmetic(const char* who) {
  if (const char* fault = floating_point_fault())
    refuse(who, fault, "rounding to nearest and subnormal numbers (no -ffast-math at the link)");
  if (mpfr_get_emin() > -Format<Mpfr>::exponent || mpfr_get_emax() < Format<Mpfr>::exponent + 2)
    refuse(who, "MPFR's range of exponents was narrowed", "its default range");
}

}  // namespace alignproof::inline scalar
