// SPDX-License-Identifier: Apache-2.0
// Files appear whole or not at all.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace alignproof {

/// All bytes, read once; throws InputError naming the path if it cannot be read to its end.
std::string read_file(const std::filesystem::path& file);

/// Writes beside the target first and renames; throws InputError naming the path if it cannot.
void write_file(const std::filesystem::path& file, std::string_view bytes);

/// Writes all files (name -> content) to `folder`, made if missing. All of them are on disk under
/// temporary names before the first is renamed, so an unwritable folder or a full disk leaves no
/// half-written report.
void write_files(const std::filesystem::path& folder,
                 const std::map<std::string, std::string>& files);

/// The text as one word of a shell, quoted where it must be: command lines in reports can be
/// pasted.
std::string shell_word(const std::string& text);

/// Throws InputError unless `folder` exists, or can be made, and can be written to.
void require_writable(const std::filesystem::path& folder);

}  // namespace alignproof
