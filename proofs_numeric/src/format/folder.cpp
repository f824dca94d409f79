// SPDX-License-Identifier: Apache-2.0
// Certificate folders as bytes: written whole or not at all, read once.
#include <alignproof/core/no_fast_math.hpp>

#include "folder.hpp"

#include <system_error>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>

namespace alignproof::inline format::detail {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void reject_folder(const fs::path& folder, const std::string& accepted) {
  throw InputError("certificate folder", fmt::format("'{}'", folder.string()), accepted);
}

}  // namespace

void write_new_folder(const fs::path& folder, const FileBytes& files) {
  std::error_code error;
  const fs::file_type type = type_at(folder);
  if (type != fs::file_type::not_found &&
      !(type == fs::file_type::directory && fs::is_empty(folder, error)))
    reject_folder(folder, "a folder that does not exist or is empty");
  write_new_files(folder, files);
}

FileBytes read_folder(const fs::path& folder, void (*require_known)(const std::string& name)) {
  std::error_code error;
  fs::directory_iterator entries(folder, error);
  if (error) {
    require_system(error.value(), folder);
    reject_folder(folder, fmt::format("a folder that can be read ({})", error.message()));
  }
  FileBytes files;
  for (const fs::directory_entry& entry : entries) {
    const std::string name = entry.path().filename().string();
    require_known(name);
    if (!fs::is_regular_file(entry.symlink_status(error)))
      throw InputError("file in the certificate folder", fmt::format("'{}'", name),
                       "only plain files");
    files[name] =
        read_file(entry.path(), name.ends_with(".json") ? largest_json_file : largest_array_file);
  }
  return files;
}

}  // namespace alignproof::inline format::detail
