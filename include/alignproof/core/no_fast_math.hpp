// SPDX-License-Identifier: Apache-2.0
// The first include of every unit of the checker and of the format reader: it does not compile
// where the compiler was told to compute with something else than the doubles of IEEE 754. clang
// says less of such options than g++; what none of them shows is seen at run time, by
// floating_point.hpp.
#pragma once

#include <cfloat>
#include <limits>

#if defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__RECIPROCAL_MATH__) || \
    defined(__NO_SIGNED_ZEROS__)
#error "alignproof needs the arithmetic of IEEE 754: compile without -Ofast and -ffast-math"
#endif
#if defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__ != 0
#error "alignproof needs infinities and NaN: compile without -ffinite-math-only"
#endif
// g++ says 2 unless an option of the kind is on, -fsingle-precision-constant among them.
#if defined(__GCC_IEC_559) && __GCC_IEC_559 < 2
#error "alignproof needs the arithmetic of IEEE 754: compile without options that change it"
#endif
#if FLT_EVAL_METHOD != 0
#error "alignproof needs doubles that are evaluated as doubles (on x86: SSE2, not x87)"
#endif

static_assert(std::numeric_limits<double>::is_iec559 && sizeof(double) == 8 && sizeof(1.0) == 8);
