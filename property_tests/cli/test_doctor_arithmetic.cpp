// SPDX-License-Identifier: Apache-2.0
// doctor on a floating-point unit in which no bound holds.
#include <cstdlib>
#include <string>

#include "cli/run_program.hpp"
#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

// Nothing can be preloaded before the runtime of a sanitizer.
#if !defined(__SANITIZE_ADDRESS__)
namespace {

test::Ended doctor_with(const std::string& state) {
  const test::TemporaryFolder scratch;
  setenv("LD_PRELOAD", ALIGNPROOF_FAILING_ARITHMETIC, 1);
  setenv("ALIGNPROOF_ARITHMETIC", (state + " start").c_str(), 1);
  const test::Ended ended = test::run_program("doctor", scratch.path());
  unsetenv("LD_PRELOAD");
  unsetenv("ALIGNPROOF_ARITHMETIC");
  return ended;
}

}  // namespace

TEST_CASE("doctor fails where doubles are not those of IEEE 754", "[cli]") {
  CHECK(doctor_with("none").exit_code == 0);
  const auto up = doctor_with("all-up");
  CHECK(up.exit_code != 0);
  CHECK_THAT(up.out, Catch::Contains("not reproducible"));
#if defined(__SSE2__)
  for (const char* state : {"ftz", "daz"}) {
    const auto flushed = doctor_with(state);
    CHECK(flushed.exit_code != 0);
    CHECK_THAT(flushed.out, Catch::Contains("flushed to zero"));
  }
  const auto vector_unit = doctor_with("up");
  CHECK(vector_unit.exit_code != 0);
  CHECK_THAT(vector_unit.out, Catch::Contains("not to nearest"));
#endif
}
#endif
