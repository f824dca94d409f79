// SPDX-License-Identifier: Apache-2.0
// JSON read strictly: no duplicate keys, no unknown or missing fields, no silent conversions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace alignproof::inline format::detail {

using Json = nlohmann::ordered_json;  // keeps the order in which fields are written

/// Throws InputError, naming `file`, on anything but one JSON value without duplicate keys: every
/// byte counts.
Json parse_json(std::string_view bytes, const std::string& file);

/// The text of a JSON file; throws InputError on strings that are not UTF-8.
std::string dump_json(const Json& json);

/// [{"name": ..., "value": ...}, ...]
Json pairs_json(const std::vector<std::pair<std::string, std::string>>& pairs);

/// The value as JSON in ASCII, shortened: fit for a message of one line.
std::string excerpt(const Json& json);

/// A JSON object with a known set of fields. Every accessor throws InputError on a wrong type.
class Fields {
 public:
  /// Throws InputError unless `json` is an object with the fields `names`, perhaps some of
  /// `optional`, and no others. `where` stands in front of field names in messages:
  /// "certificate.json: witness.".
  Fields(const Json& json, std::string where, const std::vector<std::string>& names,
         const std::vector<std::string>& optional = {});

  Fields object(const std::string& name, const std::vector<std::string>& names,
                const std::vector<std::string>& optional = {}) const;
  bool has(const std::string& name) const { return json_->contains(name); }
  bool is_null(const std::string& name) const { return json_->at(name).is_null(); }
  const Json& array(const std::string& name) const;
  std::string text(const std::string& name) const;
  std::size_t count(const std::string& name) const;
  /// A real number written as a hexadecimal string.
  double real(const std::string& name) const;
  std::vector<std::size_t> shape(const std::string& name) const;
  /// Throws InputError unless the field is this text, or this count.
  void require(const std::string& name, const std::string& expected) const;
  void require(const std::string& name, std::size_t expected) const;
  /// Throws InputError, which says that the file was altered, unless the field is the SHA-256 of
  /// these bytes of it.
  void require_hash(const std::string& name, const std::string& file, std::string_view bytes) const;
  /// The name of a field for messages.
  std::string path(const std::string& name) const { return where_ + name; }

 private:
  [[noreturn]] void reject(const std::string& name, const std::string& accepted) const;

  const Json* json_;
  std::string where_;
};

}  // namespace alignproof::inline format::detail
