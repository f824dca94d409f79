// SPDX-License-Identifier: Apache-2.0
// Strict JSON against another parser that counts keys and depth; then every accessor of fields.
#include <cmath>
#include <set>
#include <vector>

#include <alignproof/format/number.hpp>

#include "format/strict_json.hpp"
#include "fuzz.hpp"

using namespace alignproof;
using detail::Fields;
using detail::Json;

namespace {

constexpr int deepest = 16;

/// Goes through a text without keeping values.
struct Survey final : nlohmann::json_sax<Json> {
  std::vector<std::set<std::string>> keys;
  bool repeated = false, deep = false;

  bool value() {
    deep = deep || keys.size() > deepest;
    return true;
  }
  bool open() {
    value();
    keys.emplace_back();
    return true;
  }
  bool close() {
    keys.pop_back();
    return true;
  }
  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(std::int64_t) override { return value(); }
  bool number_unsigned(std::uint64_t) override { return value(); }
  bool number_float(double, const std::string&) override { return value(); }
  bool string(std::string&) override { return value(); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(); }
  bool start_array(std::size_t) override { return open(); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    repeated = repeated || !keys.back().insert(name).second;
    return value();
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    return false;
  }
};

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
  if (const auto decimal = fuzz::accepted([&] { return fields.decimal(name); }))
    require(json.is_number() && std::isfinite(*decimal), "a decimal number is finite");
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
  const auto json = fuzz::accepted([&] { return detail::parse_json(bytes, "a.json"); });
  Survey survey;
  const bool well_formed = Json::sax_parse(bytes, &survey);
  fuzz::require(json.has_value() == (well_formed && !survey.repeated && !survey.deep),
                "accepted is JSON with every key once and at most 16 levels");
  if (!json) return 0;
  const std::string written = detail::dump_json(*json);
  fuzz::require(detail::parse_json(written, "a.json") == *json, "JSON reads back");
  check_fields(*json);
  return 0;
}
