// SPDX-License-Identifier: Apache-2.0
// Every bad state of the floating-point unit is noticed, in the thread that has it; the refusing
// entries of the library ask the same question.
#include <cstring>
#include <string>
#include <thread>

#include <alignproof/core/floating_point.hpp>
#include <alignproof/dynamics/portable.hpp>

#include "floating_point_state.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

Instance small_instance() {
  Instance instance;
  instance.X = Array({1, 1});
  instance.X(0, 0) = 1;
  instance.y = Array({1});
  instance.W0 = Array({1, 1});
  instance.beta0 = instance.b = Array({1});
  instance.eta = 0.5;
  return instance;
}

std::string fault() {
  const char* words = floating_point_fault();
  return words ? words : "";
}

}  // namespace

TEST_CASE("every rounding mode but to nearest is a fault", "[core]") {
  CHECK(fault().empty());
  for (const RoundingMode& mode : rounding_modes()) {
    INFO(mode.name);
    std::string found;
    {
      const ScopedRounding guard(mode);
      found = fault();
    }
    CHECK(found.empty() == mode.nearest);
    if (!mode.nearest) CHECK(found.find("rounding mode") != std::string::npos);
    CHECK(refused_under(mode, [] { portable_run(small_instance(), Rule::fa); }) == !mode.nearest);
  }
  CHECK(fault().empty());
}

#if defined(__SSE2__)
TEST_CASE("faults of one control register alone are noticed", "[core]") {
  const unsigned before = _mm_getcsr();
  for (const unsigned bits : {0x2000u, 0x4000u, 0x6000u, 0x8000u, 0x0040u, 0x8040u}) {
    INFO(bits);
    std::string found;
    {
      const ScopedControlBits guard(bits);
      found = fault();
    }
    CHECK(found.find(bits & 0x8040u ? "subnormal" : "rounding mode") != std::string::npos);
    CHECK(refused_with_bits(bits, [] { portable_run(small_instance(), Rule::fa); }));
  }
  for (const RoundingMode& mode : rounding_modes()) {
    if (mode.nearest) continue;
    INFO(mode.name);
    const ScopedRounding guard(mode);
    _mm_setcsr(before);  // the vector unit as it was: x87 alone rounds otherwise
    CHECK(fault().find("rounding mode") != std::string::npos);
  }
  CHECK_FALSE(refused_with_bits(0, [] { portable_run(small_instance(), Rule::fa); }));
}

TEST_CASE("the state of another thread is no fault of this one", "[core]") {
  std::string there;
  std::thread([&] {
    _mm_setcsr(_mm_getcsr() | 0x8040u);
    there = fault();
  }).join();
  CHECK(there.find("subnormal") != std::string::npos);
  CHECK(fault().empty());
}
#endif
