// SPDX-License-Identifier: Apache-2.0
// Certificate folders as bytes: written whole or not at all, read once.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace alignproof::inline format::detail {

using FileBytes = std::map<std::string, std::string>;  // file name -> content

/// Makes the folder, if it is missing, and its files; nothing is left where not all can be written.
/// Throws InputError unless it does not exist or is empty, and can be written.
void write_new_folder(const std::filesystem::path& folder, const FileBytes& files);

/// Every file, read once: what is hashed is what is parsed. `require_known` throws on a name that
/// does not belong there, before the file is read; anything but a plain file is an InputError, and
/// a file larger than any certificate needs is one before it is read. Throws as read_file where the
/// system has no more open files to give.
FileBytes read_folder(const std::filesystem::path& folder,
                      void (*require_known)(const std::string& name));

/// The most bytes of an array, half a milliard numbers, and of a file in JSON, which holds none.
inline constexpr std::uint64_t largest_array_file = std::uint64_t{1} << 32;
inline constexpr std::uint64_t largest_json_file = std::uint64_t{1} << 24;

}  // namespace alignproof::inline format::detail
