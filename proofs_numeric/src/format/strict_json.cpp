// SPDX-License-Identifier: Apache-2.0
// JSON read strictly: no duplicate keys, no unknown or missing fields, no silent conversions.
#include <alignproof/core/no_fast_math.hpp>

#include "strict_json.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/number.hpp>
#include <alignproof/format/sha256.hpp>

namespace alignproof::inline format::detail {

namespace {

std::string shortened(const std::string& text, std::size_t longest) {
  return text.size() > longest ? text.substr(0, longest) + "..." : text;
}

[[noreturn]] void refuse_content(const std::string& file, const std::string& found) {
  throw InputError(fmt::format("{}: content", file), fmt::format("({})", found),
                   "JSON in UTF-8 and nothing after it");
}

/// What the library passes over in silence: it takes a NUL byte for the end of the text, and skips
/// a byte order mark.
void refuse_what_is_passed_over(std::string_view bytes, const std::string& file) {
  if (const auto at = bytes.find('\0'); at != std::string_view::npos)
    refuse_content(file, fmt::format("a NUL at byte {} of {}", at, bytes.size()));
  if (bytes.starts_with("\xef\xbb\xbf")) refuse_content(file, "a byte order mark");
}

/// Rejects duplicate keys, which JSON libraries resolve in different ways, and deep nesting.
class Guard {
 public:
  explicit Guard(const std::string& file) : file_(file) {}

  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    constexpr int deepest = 16;
    if (depth > deepest)
      throw InputError(fmt::format("{}: nesting", file_), fmt::format("{} levels", depth),
                       fmt::format("at most {} levels", deepest));
    if (event == Json::parse_event_t::object_start) keys_.emplace_back();
    if (event == Json::parse_event_t::object_end) keys_.pop_back();
    if (event == Json::parse_event_t::key && !keys_.back().insert(parsed.get<std::string>()).second)
      throw InputError(fmt::format("{}: repeated field", file_), excerpt(parsed),
                       "every field once");
    return true;
  }

 private:
  std::string file_;
  std::vector<std::set<std::string>> keys_;
};

}  // namespace

Json pairs_json(const std::vector<std::pair<std::string, std::string>>& pairs) {
  Json json = Json::array();
  for (const auto& [name, value] : pairs) json.push_back({{"name", name}, {"value", value}});
  return json;
}

std::string excerpt(const Json& json) {
  return shortened(json.dump(-1, ' ', true, Json::error_handler_t::replace), 80);
}

Json parse_json(std::string_view bytes, const std::string& file) {
  refuse_what_is_passed_over(bytes, file);
  Guard guard(file);
  try {
    return Json::parse(bytes, std::ref(guard));
  } catch (const Json::exception& error) {
    // The library quotes what it read last, however long.
    refuse_content(file, shortened(error.what(), 300));
  }
}

std::string dump_json(const Json& json) {
  try {
    return json.dump(2) + "\n";
  } catch (const Json::exception&) {
    throw InputError("text", excerpt(json), "UTF-8");
  }
}

Fields::Fields(const Json& json, std::string where, const std::vector<std::string>& names,
               const std::vector<std::string>& optional)
    : json_(&json), where_(std::move(where)) {
  if (!json.is_object())
    throw InputError(where_, excerpt(json), fmt::format("an object of {}", fmt::join(names, ", ")));
  std::vector<std::string> known = names;
  known.insert(known.end(), optional.begin(), optional.end());
  for (const auto& [key, value] : json.items())
    if (std::find(known.begin(), known.end(), key) == known.end())
      throw InputError(fmt::format("{}unknown field", where_), excerpt(Json(key)),
                       fmt::format("only {}", fmt::join(known, ", ")));
  for (const std::string& name : names)
    if (!json.contains(name))
      throw InputError(path(name), "(missing)", fmt::format("{}", fmt::join(names, ", ")));
}

void Fields::reject(const std::string& name, const std::string& accepted) const {
  throw InputError(path(name), excerpt(json_->at(name)), accepted);
}

Fields Fields::object(const std::string& name, const std::vector<std::string>& names,
                      const std::vector<std::string>& optional) const {
  return Fields(json_->at(name), path(name) + ".", names, optional);
}

const Json& Fields::array(const std::string& name) const {
  if (!json_->at(name).is_array()) reject(name, "a list");
  return json_->at(name);
}

std::string Fields::text(const std::string& name) const {
  if (!json_->at(name).is_string()) reject(name, "a string");
  return json_->at(name).get<std::string>();
}

std::size_t Fields::count(const std::string& name) const {
  if (!json_->at(name).is_number_unsigned()) reject(name, "an integer >= 0");
  return json_->at(name).get<std::size_t>();
}

double Fields::real(const std::string& name) const {
  try {
    return from_hex(text(name));
  } catch (const InputError&) {
    reject(name, "a finite double as a string in C99's %a notation, such as \"0x1.8p+1\"");
  }
}

std::vector<std::size_t> Fields::shape(const std::string& name) const {
  std::vector<std::size_t> extents;
  for (const Json& extent : array(name)) {
    if (!extent.is_number_unsigned()) reject(name, "a list of integers >= 0");
    extents.push_back(extent.get<std::size_t>());
  }
  return extents;
}

void Fields::require(const std::string& name, const std::string& expected) const {
  if (text(name) != expected) reject(name, excerpt(Json(expected)));
}

void Fields::require_hash(const std::string& name, const std::string& file,
                          std::string_view bytes) const {
  const std::string signed_hash = text(name), hash = sha256(bytes);
  if (hash != signed_hash)
    throw InputError(fmt::format(
        "{} was altered since it was signed, perhaps its line ends (by git, say): its SHA-256 is "
        "{}, where {} says {}",
        file, hash, path(name), excerpt(Json(signed_hash))));
}

void Fields::require(const std::string& name, std::size_t expected) const {
  if (count(name) != expected) reject(name, fmt::format("{}", expected));
}

}  // namespace alignproof::inline format::detail
