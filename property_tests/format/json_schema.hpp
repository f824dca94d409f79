// SPDX-License-Identifier: Apache-2.0
// The part of JSON Schema that the schemas of reports/schema use.
#pragma once

#include <algorithm>
#include <regex>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include <alignproof/core/columns.hpp>

namespace alignproof::test {

class Schema {
 public:
  using Json = nlohmann::ordered_json;

  explicit Schema(Json schema) : schema_(std::move(schema)) {}

  /// What is wrong with the document, or nothing.
  std::string complaint(const Json& document) const { return complaint(schema_, document, "$"); }

  /// Whether every object is closed and requires all of its keys.
  bool closed() const { return closed(schema_); }

 private:
  /// A rule with what it refers to.
  Json resolved(const Json& rule) const {
    if (!rule.contains("$ref")) return rule;
    Json whole = schema_.at(Json::json_pointer(rule["$ref"].get<std::string>().substr(1)));
    for (const auto& [key, value] : rule.items())
      if (key != "$ref") whole[key] = value;
    return whole;
  }

  static bool type_fits(const Json& rule, const Json& value) {
    const std::string type = value.is_number_integer() ? "integer" : value.type_name();
    if (rule.is_string()) return rule == type;
    return std::find(rule.begin(), rule.end(), type) != rule.end();
  }

  static bool length_fits(const Json& rule, std::size_t length, const char* least,
                          const char* most) {
    return length >= rule.value(least, std::size_t{0}) && length <= rule.value(most, length);
  }

  std::string complaint(const Json& unresolved, const Json& value, const std::string& at) const {
    const Json rule = resolved(unresolved);
    if (rule.contains("oneOf") && fitting(rule["oneOf"], value, at) != 1)
      return at + " does not fit one of several";
    if (rule.contains("anyOf") && fitting(rule["anyOf"], value, at) == 0)
      return at + " does not fit any of several";
    if (rule.contains("type") && !type_fits(rule["type"], value)) return at + " has another type";
    if (rule.contains("const") && rule["const"] != value) return at + " is not the constant";
    if (rule.contains("enum") &&
        std::find(rule["enum"].begin(), rule["enum"].end(), value) == rule["enum"].end())
      return at + " is not in the list";
    if (value.is_number() && rule.contains("minimum") && value < rule["minimum"])
      return at + " is too small";
    if (value.is_string()) return complaint_of_text(rule, value.get<std::string>(), at);
    if (value.is_array()) return complaint_of_list(rule, value, at);
    return value.is_object() && rule.contains("properties") ? complaint_of_object(rule, value, at)
                                                            : "";
  }

  /// How many of these rules the value fits.
  std::ptrdiff_t fitting(const Json& rules, const Json& value, const std::string& at) const {
    return std::count_if(rules.begin(), rules.end(),
                         [&](const Json& rule) { return complaint(rule, value, at).empty(); });
  }

  static std::string complaint_of_text(const Json& rule, const std::string& text,
                                       const std::string& at) {
    if (!length_fits(rule, text_width(text), "minLength", "maxLength"))
      return at + " has another length";
    if (rule.contains("pattern") &&
        !std::regex_search(text, std::regex(rule["pattern"].get<std::string>())))
      return at + " does not match";
    return "";
  }

  std::string complaint_of_list(const Json& rule, const Json& list, const std::string& at) const {
    if (!length_fits(rule, list.size(), "minItems", "maxItems")) return at + " has another size";
    for (const Json& item : list)
      if (auto wrong = complaint(rule.at("items"), item, at + "[]"); !wrong.empty()) return wrong;
    return "";
  }

  std::string complaint_of_object(const Json& rule, const Json& object,
                                  const std::string& at) const {
    for (const auto& [key, value] : object.items()) {
      if (!rule.at("properties").contains(key)) return at + " has the unknown key " + key;
      auto wrong = complaint(rule["properties"][key], value, at + "." + key);
      if (!wrong.empty()) return wrong;
    }
    for (const std::string key : rule.at("required"))
      if (!object.contains(key)) return at + " lacks " + key;
    return "";
  }

  static bool closed(const Json& rule) {
    if (rule.is_object() && rule.contains("properties") && rule["properties"].is_object()) {
      const std::set<std::string> required = rule.value("required", std::set<std::string>{});
      std::set<std::string> named;
      for (const auto& [key, ignored] : rule["properties"].items()) named.insert(key);
      if (rule.value("additionalProperties", true) || required != named) return false;
    }
    return !rule.is_structured() ||
           std::all_of(rule.begin(), rule.end(), [](const Json& part) { return closed(part); });
  }

  Json schema_;
};

}  // namespace alignproof::test
