// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include <alignproof/core/floating_point.hpp>

#include <cfenv>
#include <cfloat>
#include <cstdint>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace alignproof::inline core {

namespace {

/// The bits of a control register by which doubles are not rounded to nearest, or flushed to zero;
/// 0 where there is no such register.
struct Register {
  std::uint64_t rounding = 0, flushing = 0;
};

Register control_register() {
#if defined(__SSE2__)
  const unsigned mxcsr = _mm_getcsr();
  return {mxcsr & 0x6000u, mxcsr & 0x8040u};  // RC; FTZ and DAZ
#elif defined(__aarch64__)
  std::uint64_t fpcr = 0;
  asm volatile("mrs %0, fpcr" : "=r"(fpcr));
  return {fpcr & 0xc00000u, fpcr & 0x1000003u};  // RMode; FZ, AH and FIZ
#else
  return {};
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

}  // namespace

bool rounds_to_nearest() {
  return control_register().rounding == 0 && std::fegetround() == FE_TONEAREST &&
         computes_to_nearest();
}

bool keeps_subnormals() {
  return control_register().flushing == 0 && computes_subnormals();
}

const char* floating_point_fault() {
  if (!rounds_to_nearest()) return "the rounding mode is not to nearest";
  if (!keeps_subnormals()) return "subnormal numbers are flushed to zero";
  return nullptr;
}

}  // namespace alignproof::inline core
