// SPDX-License-Identifier: Apache-2.0
// Random properties: the one place where RapidCheck and Catch2 2.13 are included. RapidCheck makes
// and shrinks the cases; which cases are run is decided here, so that they have numbers.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include <rapidcheck.h>

#include <catch2/catch.hpp>

namespace alignproof {

/// Case number N of a property is a function of N and the property's name alone. The tests run the
/// cases 0 to 99, the same every time; others run where the environment says
/// ALIGNPROOF_CASES=FIRST:COUNT, as `property_tests/soak` and every replay line do.
struct CaseNumbers {
  std::size_t first = 0, count = 100;

  /// Throws std::runtime_error, quoting it, on an ALIGNPROOF_CASES that is not FIRST:COUNT.
  static CaseNumbers from_environment();
  /// Of a single case nothing can be said that needs many: how often a premise holds, for one.
  bool many() const { return count >= 100; }
};

/// What came of the cases of one property.
struct PropertyResult {
  std::size_t held = 0;  ///< cases that passed; the others were discarded by RC_PRE
  /// The smallest failing case, what it says, and one line `replay: ...` that fails in the same way.
  std::optional<std::string> failure;
};

/// Runs these cases until one fails, which is shrunk. Fails too if RC_PRE discards more than ten
/// of eleven.
PropertyResult run_cases(const std::string& name, const rc::detail::Property& property,
                         const CaseNumbers& numbers);

/// Fails the running Catch2 test if the result has a failure; adds to the counts of
/// ALIGNPROOF_COUNTS, a file, if that is set. The test must have the tag [property].
void report_cases(const std::string& name, const CaseNumbers& numbers,
                  const PropertyResult& result);

/// A property as a section of a Catch2 test. `testable` takes values that RapidCheck can make, draws
/// others by *generator, and asserts by RC_ASSERT.
template <class Testable>
void check_property(const std::string& name, Testable&& testable) {
  SECTION(name) {
    const CaseNumbers numbers = CaseNumbers::from_environment();
    report_cases(name, numbers,
                 run_cases(name, rc::detail::toProperty(std::forward<Testable>(testable)), numbers));
  }
}

/// Whether the running Catch2 test has this tag, without brackets: kept by a listener in main.cpp.
bool running_test_has_tag(const std::string& tag);

}  // namespace alignproof
