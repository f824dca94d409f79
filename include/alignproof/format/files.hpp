// SPDX-License-Identifier: Apache-2.0
// Files appear whole or not at all; what is no file (a device, a pipe) is written to as it stands.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace alignproof::inline format {

/// All bytes, read once. Throws InputError naming the path if it cannot be read to its end or,
/// before anything is read, if it has more than `most` bytes; std::system_error where the system
/// has no more open files to give, which says nothing of the file.
std::string read_file(const std::filesystem::path& file, std::uint64_t most = UINT64_MAX);

/// Throws std::bad_alloc or std::system_error if `error`, the errno of opening the path, says that
/// the system has no more to give; else it is about the path.
void require_system(int error, const std::filesystem::path& path);

/// What stands at a path, links followed; not_found if nothing does. Throws InputError with the
/// cause if the path cannot be looked at: a folder above it that must not be read, a loop of links,
/// a name that is too long.
std::filesystem::file_type type_at(const std::filesystem::path& path);
bool is_file(const std::filesystem::path& path);
bool is_folder(const std::filesystem::path& path);

/// Writes the file. A plain file is replaced whole and keeps its mode and owner; a link is followed
/// and stays; a file with several names, or in a folder that nothing can be added to, is written in
/// its place; a device or pipe, and a descriptor of this program such as /dev/stdout, is written
/// to. Throws InputError naming the path and the system's cause if it cannot.
void write_file(const std::filesystem::path& file, std::string_view bytes);

/// Throws what write_file would throw about the path: before an hour of work whose result it takes.
void require_writable_file(const std::filesystem::path& file);

/// Writes all files (name -> content) to `folder`, made if missing. All of them are on disk without
/// their names before the first gets it, so an unwritable folder or a full disk leaves no
/// half-written report.
void write_files(const std::filesystem::path& folder,
                 const std::map<std::string, std::string>& files);

/// The same to a folder that has none of these names, and what was written is removed if not all of
/// it can be: of two programs that write the same names one is refused.
void write_new_files(const std::filesystem::path& folder,
                     const std::map<std::string, std::string>& files);

/// The text as one word of a shell, quoted where it must be: command lines in reports can be
/// pasted.
std::string shell_word(const std::string& text);

/// Throws InputError unless `folder` exists, or can be made, and can be written to.
void require_writable(const std::filesystem::path& folder);

/// A folder that this program alone writes to. Throws InputError if it can be neither found nor
/// made, if it cannot be written to, or if another program holds it. The hold is the operating
/// system's and ends with the program, however that ends.
class OutputFolder {
 public:
  explicit OutputFolder(const std::filesystem::path& folder);
  /// Folders that were made for nothing are removed.
  ~OutputFolder();
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;

 private:
  std::vector<std::filesystem::path> made_;
  int descriptor_ = -1;
};

}  // namespace alignproof::inline format
