// SPDX-License-Identifier: Apache-2.0
// Strict JSON against a reader of our own: what is accepted and what is read; then every accessor
// of fields.
#include <vector>

#include <alignproof/format/number.hpp>

#include "format/strict_json.hpp"
#include "fuzz.hpp"
#include "plain_json.hpp"

using namespace alignproof;
using format::detail::Fields;
using format::detail::Json;

namespace {

constexpr std::size_t deepest = 16;

/// Whether `get` accepts the field.
template <class Get>
bool takes(const Get& get) {
  return fuzz::accepted([&] { return get(), true; }).has_value();
}

void check_field(const Fields& fields, const std::string& name, const Json& json) {
  using fuzz::require;
  require(takes([&] { fields.array(name); }) == json.is_array(), "a list is a list");
  require(takes([&] { fields.object(name, {}); }) == (json.is_object() && json.empty()),
          "an object without fields has none");
  if (const auto text = fuzz::accepted([&] { return fields.text(name); })) {
    require(json.is_string() && *text == json.get<std::string>(), "a text is the string");
    require(takes([&] { fields.require(name, *text); }), "a text is itself");
    require(!takes([&] { fields.require(name, *text + "."); }), "a text is no other");
  }
  if (const auto count = fuzz::accepted([&] { return fields.count(name); })) {
    require(json.is_number_unsigned() && json.dump() == std::to_string(*count), "a count is whole");
    require(takes([&] { fields.require(name, *count); }), "a count is itself");
    require(!takes([&] { fields.require(name, *count + 1); }), "a count is no other");
  }
  if (const auto real = fuzz::accepted([&] { return fields.real(name); }))
    require(to_hex(*real) == json.get<std::string>(), "a real number is written as it was read");
  if (const auto shape = fuzz::accepted([&] { return fields.shape(name); }))
    require(Json(*shape) == json, "a shape is the list");
}

void check_fields(const Json& json) {
  std::vector<std::string> names;
  std::size_t letters = 0;
  if (json.is_object())
    for (const auto& [name, value] : json.items()) names.push_back(name), letters += name.size();
  // Names of fields are short, and messages list them.
  if (letters > 64) return;
  const auto fields = fuzz::accepted([&] { return Fields(json, "a.json: ", names); });
  fuzz::require(fields.has_value() == json.is_object(), "fields are an object's");
  if (!fields) return;
  for (const std::string& name : names) check_field(*fields, name, json.at(name));

  std::vector<std::string> others = names;
  others.push_back(names.empty() ? "x" : names.back() + "x");
  if (!json.contains(others.back()))
    fuzz::require(!takes([&] { Fields(json, "", others); }), "a missing field is noticed");
  if (names.empty()) return;
  names.pop_back();
  fuzz::require(!takes([&] { Fields(json, "", names); }), "an unknown field is noticed");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes = fuzz::text_of(data, size);
  const auto json = fuzz::accepted([&] { return format::detail::parse_json(bytes, "a.json"); });
  const auto other = plain_json::Parser(bytes, deepest).parse();
  fuzz::require(json.has_value() == other.has_value(),
                "accepted is JSON with every key once, finite numbers and at most 16 levels");
  if (!json) return 0;
  fuzz::require(plain_json::same(*json, *other), "both readers read the same");
  const std::string written = format::detail::dump_json(*json);
  fuzz::require(format::detail::parse_json(written, "a.json") == *json, "JSON reads back");
  check_fields(*json);
  return 0;
}
