// SPDX-License-Identifier: Apache-2.0
// Hashes bind the files of a folder together. They show integrity, not origin.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace alignproof::inline format {

/// SHA-256 as 64 lower-case hexadecimal digits.
std::string sha256(std::string_view bytes);
std::string sha256_of_file(const std::filesystem::path& file);

}  // namespace alignproof::inline format
