// SPDX-License-Identifier: Apache-2.0
// Errors. Bad input is reported in one line that quotes the offending value and says what is
// accepted.
#pragma once

#include <stdexcept>
#include <string>

#include <alignproof/core/flags.hpp>

namespace alignproof::inline core {

/// The caller asked for something that is not accepted: exit code 2 of every program.
class InputError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;

  /// `what` names the quantity, `value` quotes what was given, `accepted` says what would be fine:
  /// "eta = -1 is not accepted: give a finite number > 0".
  InputError(const std::string& what, const std::string& value, const std::string& accepted);
};

/// Control characters as \x0a and the like: fit for one line of a terminal.
std::string one_line(const std::string& text);

/// The value in the shortest decimal form that reads back to the same double.
std::string quoted(double value);

}  // namespace alignproof::inline core
