// SPDX-License-Identifier: Apache-2.0
#include "certificate_folder.hpp"

#include <algorithm>
#include <filesystem>
#include <set>
#include <system_error>
#include <vector>

#include <fmt/format.h>

#include <alignproof/claims/certificates.hpp>
#include <alignproof/core/error.hpp>
#include <alignproof/format/family_certificate.hpp>

#include "format/certificate_parts.hpp"

namespace alignproof::inline claims {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_name = 100;

/// Of the path itself, links not followed; `none` where it cannot be looked at.
fs::file_type own_type(const fs::path& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type();
}

bool is_of_certificate(const std::string& name) {
  static const std::set<std::string> known = format::detail::all_files();
  return known.contains(name) || name == "width.json";
}

/// Adds all that stands in the folder, and then the folder; false unless `add` takes every entry.
template <class Add>
bool add_folder(const fs::path& folder, std::vector<fs::path>& ours, const Add& add) {
  if (own_type(folder) != fs::file_type::directory) return false;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error))
    if (!add(entry->path(), entry->path().filename().string())) return false;
  ours.push_back(folder);
  return !error;
}

bool add_certificate(const fs::path& folder, std::vector<fs::path>& ours) {
  return add_folder(folder, ours, [&](const fs::path& entry, const std::string& name) {
    ours.push_back(entry);
    return is_of_certificate(name) && own_type(entry) == fs::file_type::regular;
  });
}

bool add_family(const fs::path& folder, std::vector<fs::path>& ours) {
  return add_folder(folder, ours, [&](const fs::path& entry, const std::string& name) {
    if (names_a_member(name)) return add_certificate(entry, ours);
    ours.push_back(entry);
    return name == "family.json" && own_type(entry) == fs::file_type::regular;
  });
}

}  // namespace

bool is_plain_name(const std::string& name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return !name.empty() && name.size() <= longest_name && name.front() != '-' &&
         std::all_of(name.begin(), name.end(), plain);
}

bool remove_certificate(const fs::path& folder) {
  if (!is_plain_name(folder.filename().string()) ||
      own_type(folder.parent_path()) == fs::file_type::symlink)
    return false;
  if (own_type(folder) == fs::file_type::not_found) return true;
  std::vector<fs::path> ours;  // what stands in a folder before the folder
  if (!(holds_family(folder) ? add_family(folder, ours) : add_certificate(folder, ours)))
    return false;
  return std::all_of(ours.begin(), ours.end(), [](const fs::path& path) {
    std::error_code error;
    return fs::remove(path, error);
  });
}

void make_way(const Settings& settings, const std::string& id) {
  if (!is_plain_name(id))
    throw InputError("id of a certificate", fmt::format("'{}'", id),
                     fmt::format("at most {} letters, digits, '-' and '_', no '-' in front: it "
                                 "names a folder",
                                 longest_name));
  const fs::path folder = settings.certificates / id;
  if (!remove_certificate(folder))
    throw InputError("certificate folder", fmt::format("'{}'", folder.string()),
                     "one that does not exist or can be removed: with nothing but a certificate in "
                     "it, no link, and in a folder that is none");
}

}  // namespace alignproof::inline claims
