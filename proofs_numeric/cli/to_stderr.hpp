// SPDX-License-Identifier: Apache-2.0
// Standard error, of which no work may depend.
#pragma once

#include <cstdio>
#include <utility>

#include <fmt/format.h>

namespace alignproof::cli {

/// Writes to standard error; that this cannot be written is nobody's business.
template <class... Args>
void to_stderr(fmt::format_string<Args...> words, Args&&... args) {
  std::fputs(fmt::format(words, std::forward<Args>(args)...).c_str(), stderr);
}

}  // namespace alignproof::cli
