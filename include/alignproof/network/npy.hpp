// SPDX-License-Identifier: Apache-2.0
// Data of one's own from numpy's arrays. What is accepted: reports/docs/data.md. The arrays of
// certificates have a reader of their own, which takes one spelling only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include <alignproof/network/data.hpp>

namespace alignproof::inline network {

/// Larger arrays are refused: bytes, unpacked, and entries.
inline constexpr std::uintmax_t largest_npy = std::uintmax_t{1} << 30;  // 1 GiB
inline constexpr std::size_t most_npy_entries = std::size_t{1} << 27;   // as doubles 1 GiB

/// An array of numbers as numpy.save writes it, of any version, byte order and order of axes; "-"
/// is standard input, gzip is unpacked. Every entry becomes the double that equals it. Throws
/// InputError that names the file on entries that no double equals or that are not finite, on types
/// that are no real numbers, and on sizes that do not match.
Array read_user_npy(const std::filesystem::path& file);

/// X, n x d, and y, n or n x k, from two such files; an n x 1 y is an n.
Data read_npy_data(const std::filesystem::path& X, const std::filesystem::path& y);

}  // namespace alignproof::inline network
