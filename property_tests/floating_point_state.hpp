// SPDX-License-Identifier: Apache-2.0
// Sets the floating-point unit to each state that rigorous code must survive or refuse.
#pragma once

#include <cfenv>
#include <stdexcept>
#include <vector>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace alignproof {

struct RoundingMode {
  const char* name;
  int mode;
  bool nearest;
};

/// Nearest first.
inline const std::vector<RoundingMode>& rounding_modes() {
  static const std::vector<RoundingMode> all{{"to nearest", FE_TONEAREST, true},
                                             {"up", FE_UPWARD, false},
                                             {"down", FE_DOWNWARD, false},
                                             {"to zero", FE_TOWARDZERO, false}};
  return all;
}

/// The mode until the end of the scope.
class ScopedRounding {
 public:
  explicit ScopedRounding(const RoundingMode& mode) : before_(std::fegetround()) {
    std::fesetround(mode.mode);
  }
  ~ScopedRounding() { std::fesetround(before_); }
  ScopedRounding(const ScopedRounding&) = delete;
  ScopedRounding& operator=(const ScopedRounding&) = delete;

 private:
  int before_;
};

/// Whether `call` throws std::runtime_error under the mode.
bool refused_under(const RoundingMode& mode, const auto& call) {
  const ScopedRounding guard(mode);
  try {
    call();
  } catch (const std::runtime_error&) {
    return true;
  }
  return false;
}

#if defined(__SSE2__)
/// These bits of MXCSR besides, until the end of the scope.
class ScopedControlBits {
 public:
  explicit ScopedControlBits(unsigned bits) : before_(_mm_getcsr()) { _mm_setcsr(before_ | bits); }
  ~ScopedControlBits() { _mm_setcsr(before_); }
  ScopedControlBits(const ScopedControlBits&) = delete;
  ScopedControlBits& operator=(const ScopedControlBits&) = delete;

 private:
  unsigned before_;
};

/// Whether `call` throws std::runtime_error with these bits of MXCSR set besides.
bool refused_with_bits(unsigned bits, const auto& call) {
  const ScopedControlBits guard(bits);
  try {
    call();
  } catch (const std::runtime_error&) {
    return true;
  }
  return false;
}
#endif

}  // namespace alignproof
