// SPDX-License-Identifier: Apache-2.0
// Arrays of a certificate, each in a file of its own that the JSON lists with shape and hash; and
// folders of one JSON file and a few of them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <alignproof/format/array.hpp>

#include "folder.hpp"
#include "strict_json.hpp"

namespace alignproof::inline format::detail {

/// An array of the folder: its name, where it is kept, its shape.
struct NamedArray {
  const char* name;
  Array* array;
  std::vector<std::size_t> shape;
};

/// "X.npy": fixed, so that it can hold no path.
std::string file_of(const std::string& array);
std::string shape_text(const std::vector<std::size_t>& shape);
/// Throws InputError unless the array has its shape.
void require_shape(const NamedArray& a);

/// What the list of arrays says of one whose file is there.
Json listed(const NamedArray& a, const FileBytes& files);
/// Reads the array that `list` speaks of. Throws InputError unless file, hash and shape agree.
void read_array(const NamedArray& target, const Fields& list, const FileBytes& files);

/// One JSON file and arrays: the certificates of kernels, laws and widths.
struct Layout {
  const char* json_file;
  std::vector<const char*> arrays;

  std::vector<std::string> files() const;
  /// Throws InputError on the name of another file.
  void require_known(const std::string& name) const;
  bool stands_in(const std::filesystem::path& folder) const;
  /// The JSON of a folder that has these files and no others; else InputError.
  Json parse(const FileBytes& files) const;
  /// Adds the arrays, and the list of them, to `json`, and writes the folder.
  void write(const std::filesystem::path& folder, Json json,
             const std::vector<NamedArray>& arrays) const;
};

}  // namespace alignproof::inline format::detail
