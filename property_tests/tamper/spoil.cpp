// SPDX-License-Identifier: Apache-2.0
#include "tamper/spoil.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <vector>

#include <fmt/format.h>

#include <alignproof/format/files.hpp>

#include "format/edit_certificate.hpp"
#include "tamper/draws.hpp"

namespace alignproof::tamper {

namespace {

using test::Json;

/// Every place of a document.
void places(Json& json, std::vector<Json*>& out) {
  out.push_back(&json);
  for (auto& child : json)
    if (child.is_structured())
      places(child, out);
    else
      out.push_back(&child);
}

Json nonsense(Random& random) {
  const std::vector<Json> values = {nullptr,
                                    true,
                                    -1,
                                    0,
                                    1e308,
                                    "",
                                    "nan",
                                    "inf",
                                    "0x1p0",
                                    "0x1p99999",
                                    "1.5",
                                    Json::array(),
                                    Json::object(),
                                    18446744073709551615u,
                                    "tanh",
                                    Json::array({1, 2})};
  return values[whole(random, 0, values.size() - 1)];
}

/// How the files of a folder are changed and signed anew.
struct Signing {
  std::vector<std::string> names;  ///< of the documents, as often as they are wanted
  std::function<void(const std::filesystem::path&)> rehash;
};

std::string spoil(Random& random, const std::filesystem::path& folder, const Signing& signing) {
  const std::string name = signing.names[whole(random, 0, signing.names.size() - 1)];
  const std::size_t kind = whole(random, 0, 9);
  if (kind >= 8) {  // bytes of any file
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry);
    std::sort(files.begin(), files.end());
    const std::filesystem::path& file = files[whole(random, 0, files.size() - 1)];
    std::string bytes = read_file(file);
    if (one_in(random, 3) || bytes.empty())
      bytes.resize(whole(random, 0, bytes.size()));
    else
      bytes[whole(random, 0, bytes.size() - 1)] = static_cast<char>(whole(random, 0, 255));
    write_file(file, bytes);
    if (file.extension() == ".npy" && one_in(random, 2)) signing.rehash(folder);
    return fmt::format("bytes of {}", file.filename().string());
  }
  std::string how;
  const auto change = [&](Json& json) {
    std::vector<Json*> all;
    places(json, all);
    Json& at = *all[whole(random, 0, all.size() - 1)];
    switch (kind) {
      case 0:
        if (at.is_object() && !at.empty()) {
          auto entry = at.begin();
          std::advance(entry, static_cast<long>(whole(random, 0, at.size() - 1)));
          how = "field " + entry.key() + " removed";
          at.erase(entry);
          break;
        }
        [[fallthrough]];
      case 1:
        if (at.is_object()) {
          at["added"] = nonsense(random);
          how = "field added";
          break;
        }
        [[fallthrough]];
      case 2:
        if (at.is_number_unsigned()) {
          at = at.get<std::uint64_t>() + 1;
          how = "count + 1";
          break;
        }
        [[fallthrough]];
      default:
        at = nonsense(random);
        how = "value replaced by " + at.dump();
    }
  };
  try {
    Json json = test::load(folder / name);
    change(json);
    test::store(folder / name, json);
    if (name != "provenance.json") signing.rehash(folder);
  } catch (const std::exception&) {
    // Hashes of a document without its tables cannot be put right: the folder stays as it is.
  }
  return fmt::format("{}: {}", name, how);
}

}  // namespace

std::string spoil(Random& random, const std::filesystem::path& folder) {
  return spoil(random, folder,
               {{"certificate.json", "certificate.json", "certificate.json", "claim.json",
                 "provenance.json"},
                test::rehash});
}

std::string spoil_width(Random& random, const std::filesystem::path& folder) {
  return spoil(random, folder, {{"width.json"}, test::rehash_width});
}

std::string spoil_law(Random& random, const std::filesystem::path& folder) {
  return spoil(random, folder, {{"law.json"}, test::rehash_law});
}

}  // namespace alignproof::tamper
