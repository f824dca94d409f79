// SPDX-License-Identifier: Apache-2.0
// Prose that was read from a file, or that quotes what somebody named, as verdicts and names of
// instances do: not all of it can be read as formulas. The rest is shown as it stands.
#pragma once

#include <string>

#include <alignproof/core/error.hpp>
#include <alignproof/report/math.hpp>

#include "tex_escape.hpp"
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

inline std::string read_prose_to_tex(const std::string& prose) {
  try {
    return prose_to_tex(prose);
  } catch (const InputError&) {
    return escape_tex(prose);
  }
}

}  // namespace alignproof::inline report::detail
