// SPDX-License-Identifier: Apache-2.0
// Words for pdflatex: special characters escaped, Unicode turned into commands.
#pragma once

#include <string>
#include <string_view>

namespace alignproof::inline report::detail {

/// Prints as it stands, in any font. What has no command becomes "[U+2603]".
std::string escape_tex(std::string_view text);

}  // namespace alignproof::inline report::detail
