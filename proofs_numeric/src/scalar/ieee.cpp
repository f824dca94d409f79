// SPDX-License-Identifier: Apache-2.0
// Both the control register, where there is one, and what the arithmetic does: code elsewhere in
// the program (linked with -ffast-math, say) may have changed either.
#include <alignproof/scalar/ieee.hpp>

#include <mpfr.h>

#include <cfenv>
#include <cfloat>
#include <stdexcept>
#include <string>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

#include "scalar/upward.hpp"

namespace alignproof {

namespace {

bool register_rounds_to_nearest() {
#if defined(__SSE2__)
  if ((_mm_getcsr() & 0x6000u) != 0) return false;  // bits 13 and 14 of MXCSR
#endif
  return std::fegetround() == FE_TONEAREST;
}

bool register_keeps_subnormals() {
#if defined(__SSE2__)
  return (_mm_getcsr() & 0x8040u) == 0;  // flush to zero, denormals are zero
#else
  return true;
#endif
}

/// 1 + 3u/2 rounds up only to nearest or upwards, 1 + u/2 rounds down only to nearest or downwards;
/// the same below zero.
bool computes_to_nearest() {
  volatile double one = 1, above = 0x1.8p-53, below = 0x1p-54;
  volatile double up = one + above, down = one + below, minus_up = -one - above,
                  minus_down = -one - below;
  return up == 1 + DBL_EPSILON && down == 1 && minus_up == -1 - DBL_EPSILON && minus_down == -1;
}

bool computes_subnormals() {
  volatile double smallest_normal = DBL_MIN, half = 0.5, two = 2;
  volatile double result = smallest_normal * half;  // 0 if results are flushed
  volatile double operand = 0x1p-1074;
  volatile double doubled = operand * two;  // 0 if operands are
  return result > 0 && doubled > 0;
}

[[noreturn]] void refuse(const char* who, const char* state, const char* needed) {
  throw std::runtime_error(std::string(who) + ": " + state + " in this thread; bounds need " +
                           needed);
}

}  // namespace

void require_ieee_arithmetic(const char* who) {
  if (!register_rounds_to_nearest() || !computes_to_nearest())
    refuse(who, "the rounding mode is not to nearest", "rounding to nearest");
  if (!register_keeps_subnormals() || !computes_subnormals())
    refuse(who, "subnormal numbers are flushed to zero", "them kept (no -ffast-math at the link)");
  if (mpfr_get_emin() > -Format<Mpfr>::exponent || mpfr_get_emax() < Format<Mpfr>::exponent + 2)
    refuse(who, "MPFR's range of exponents was narrowed", "its default range");
}

}  // namespace alignproof
