// SPDX-License-Identifier: Apache-2.0
// Data of one's own from a text file of numbers. The rules: reports/docs/data.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include <alignproof/network/data.hpp>

namespace alignproof {

/// A larger file is refused.
inline constexpr std::uintmax_t largest_csv = std::uintmax_t{1} << 28;  // 256 MiB

/// Reads a table of decimal numbers, separated by commas, semicolons or tabs, one sample a line:
/// its last `targets` columns are y, those before are X. Each number is rounded once, to the
/// nearest double, whatever the locale. Throws InputError that names file, line, column and the
/// offending text.
Data read_csv(const std::filesystem::path& file, std::size_t targets = 1);

}  // namespace alignproof
