// SPDX-License-Identifier: Apache-2.0
// Prose that was read from a file: another version of the program, or a user, may have written what
// this one cannot read as formulas. It is shown as it stands.
#pragma once

#include <string>

#include <alignproof/core/error.hpp>
#include <alignproof/report/math.hpp>

#include "words.hpp"

namespace alignproof::inline report::detail {

inline std::string read_prose_to_text(const std::string& prose) {
  try {
    return prose_to_text(prose);
  } catch (const InputError&) {
    return prose;
  }
}

inline std::string read_prose_to_html(const std::string& prose) {
  try {
    return prose_to_html(prose);
  } catch (const InputError&) {
    return escape_html(prose);
  }
}

}  // namespace alignproof::inline report::detail
