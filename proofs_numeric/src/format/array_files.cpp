// SPDX-License-Identifier: Apache-2.0
#include <alignproof/core/no_fast_math.hpp>

#include "array_files.hpp"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/sha256.hpp>

#include "npy.hpp"

namespace alignproof::inline format::detail {

namespace fs = std::filesystem;

std::string file_of(const std::string& array) {
  return fmt::format("{}.npy", array);
}

std::string shape_text(const std::vector<std::size_t>& shape) {
  return fmt::format("({})", fmt::join(shape, ", "));
}

void require_shape(const NamedArray& a) {
  if (a.array->shape != a.shape)
    throw InputError(fmt::format("shape of {}", a.name), shape_text(a.array->shape),
                     shape_text(a.shape));
}

Json listed(const NamedArray& a, const FileBytes& files) {
  const std::string file = file_of(a.name);
  return {{"file", file}, {"shape", a.shape}, {"sha256", sha256(files.at(file))}};
}

void read_array(const NamedArray& target, const Fields& list, const FileBytes& files) {
  const Fields entry = list.object(target.name, {"file", "shape", "sha256"});
  const std::string file = file_of(target.name);
  entry.require("file", file);
  entry.require_hash("sha256", file, files.at(file));
  const std::vector<std::size_t> shape = entry.shape("shape");
  if (shape != target.shape)
    throw InputError(entry.path("shape"), shape_text(shape), shape_text(target.shape));
  *target.array = from_npy(files.at(file), file);
  require_shape(target);
}

std::vector<std::string> Layout::files() const {
  std::vector<std::string> names = {json_file};
  for (const char* array : arrays) names.push_back(file_of(array));
  return names;
}

void Layout::require_known(const std::string& name) const {
  const std::vector<std::string> known = files();
  if (std::find(known.begin(), known.end(), name) == known.end())
    throw InputError("file in the certificate folder", fmt::format("'{:.80}'", name),
                     fmt::format("only plain files {}", fmt::join(known, ", ")));
}

bool Layout::stands_in(const fs::path& folder) const {
  std::error_code error;
  return fs::exists(fs::symlink_status(folder / json_file, error));
}

Json Layout::parse(const FileBytes& bytes) const {
  for (const auto& [name, content] : bytes) require_known(name);
  for (const std::string& name : files())
    if (!bytes.contains(name))
      throw InputError(name, "(missing)", fmt::format("files {}", fmt::join(files(), ", ")));
  return parse_json(bytes.at(json_file), json_file);
}

void Layout::write(const fs::path& folder, Json json, const std::vector<NamedArray>& all) const {
  FileBytes bytes;
  for (const NamedArray& a : all) {
    require_shape(a);
    bytes[file_of(a.name)] = to_npy(*a.array, a.name);
    json["arrays"][a.name] = listed(a, bytes);
  }
  bytes[json_file] = dump_json(json);
  write_new_folder(folder, bytes);
}

}  // namespace alignproof::inline format::detail
