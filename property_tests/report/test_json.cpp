// SPDX-License-Identifier: Apache-2.0
// The report as JSON against its schema.
#include <fstream>
#include <limits>
#include <set>

#include <nlohmann/json.hpp>

#include <alignproof/report/writers.hpp>

#include "records.hpp"

using namespace alignproof;
using Json = nlohmann::ordered_json;

namespace {

const Json& schema() {
  static const Json read = [] {
    std::ifstream in(ALIGNPROOF_SOURCE_DIR "/reports/schema/report.schema.json");
    return Json::parse(in);
  }();
  return read;
}

const Json& resolved(const Json& rule) {
  if (!rule.contains("$ref")) return rule;
  return schema().at(Json::json_pointer(rule["$ref"].get<std::string>().substr(1)));
}

std::string type_of(const Json& value) {
  if (value.is_number_integer()) return "integer";
  return value.is_null() ? "null" : value.is_number() ? "number" : value.type_name();
}

bool type_fits(const Json& rule, const Json& value) {
  if (!rule.contains("type")) return true;
  const auto fits = [&](const std::string& type) {
    return type == type_of(value) || (type == "number" && value.is_number());
  };
  if (rule["type"].is_string()) return fits(rule["type"]);
  return std::any_of(rule["type"].begin(), rule["type"].end(), fits);
}

/// The part of JSON Schema that the schema uses. Returns what is wrong, or nothing.
std::string complaint(const Json& unresolved, const Json& value, const std::string& at) {
  const Json& rule = resolved(unresolved);
  if (!type_fits(rule, value)) return at + " has the wrong type " + type_of(value);
  if (rule.contains("const") && rule["const"] != value) return at + " is not the constant";
  if (rule.contains("enum") &&
      std::find(rule["enum"].begin(), rule["enum"].end(), value) == rule["enum"].end())
    return at + " is not in the list";
  if (value.is_array()) {
    if (rule.contains("minItems") && value.size() < rule["minItems"]) return at + " is short";
    if (rule.contains("maxItems") && value.size() > rule["maxItems"]) return at + " is long";
    for (const Json& item : value)
      if (auto wrong = complaint(rule.at("items"), item, at + "[]"); !wrong.empty()) return wrong;
  }
  if (!value.is_object()) return "";
  for (const auto& [key, item] : value.items()) {
    if (!rule["properties"].contains(key)) return at + " has the unknown key " + key;
    auto wrong = complaint(rule["properties"][key], item, at + "." + key);
    if (!wrong.empty()) return wrong;
  }
  for (const std::string key : rule["required"])
    if (!value.contains(key)) return at + " lacks " + key;
  return "";
}

/// Every object of the schema is closed and requires all of its keys.
void require_closed(const Json& rule) {
  if (rule.is_object() && rule.contains("properties") && rule["properties"].is_object()) {
    CHECK(rule.value("additionalProperties", true) == false);
    std::set<std::string> required = rule["required"];
    std::set<std::string> named;
    for (const auto& [key, ignored] : rule["properties"].items()) named.insert(key);
    CHECK(required == named);
  }
  if (rule.is_structured())
    for (const Json& part : rule) require_closed(part);
}

Report small_report() {
  Report report;
  report.profile = "quick";
  report.seed = std::numeric_limits<std::uint64_t>::max();
  report.environment = {{"host", "a"}};
  ClaimRow row;
  row.text.id = "T1";
  row.bound = 0.1;
  row.measured = std::numeric_limits<double>::infinity();
  row.measurements = {
      {"x", 1.0 / 3, std::pair{-std::numeric_limits<double>::infinity(), 5e-324}, ""}};
  report.rows = {row};
  testing::add_evidence(report);
  return report;
}

}  // namespace

TEST_CASE("the schema is closed everywhere", "[report][json]") {
  require_closed(schema());
  CHECK(schema()["properties"]["schema_version"]["const"] == Report::schema_version);
}

TEST_CASE("every report has exactly the keys of the schema", "[report][json][property]") {
  check_property("random reports", [] {
    const Json document = Json::parse(to_json(testing::random_report()));
    const std::string wrong = complaint(schema(), document, "report");
    if (!wrong.empty()) RC_FAIL(wrong);
  });
}

TEST_CASE("the walk over the schema finds what is wrong", "[report][json]") {
  const Json good = Json::parse(to_json(small_report()));
  REQUIRE(complaint(schema(), good, "report") == "");
  Json extra = good, missing = good, typed = good, unknown = good, test = good, kind = good;
  extra["claims"][0]["surplus"] = 1;
  missing["claims"][0].erase("bound");
  typed["seed"] = "7";
  unknown["claims"][0]["verdict"]["kind"] = "passed";
  test["statistical_tests"][0].erase("alpha");
  kind["rejections"][0]["kind"] = "mutant";
  for (const Json& bad : {extra, missing, typed, unknown, test, kind})
    CHECK(complaint(schema(), bad, "report") != "");
}

TEST_CASE("numbers read back bit for bit, and others are null", "[report][json][property]") {
  const Json document = Json::parse(to_json(small_report()));
  const Json& claim = document["claims"][0];
  CHECK(document["seed"].get<std::uint64_t>() == std::numeric_limits<std::uint64_t>::max());
  CHECK(claim["bound"]["value"].get<double>() == 0.1);
  CHECK(claim["measured"]["value"].is_null());
  CHECK(claim["ratio"]["value"].is_null());
  CHECK(claim["measurements"][0]["value"].get<double>() == 1.0 / 3);
  CHECK(claim["measurements"][0]["interval"][0].is_null());
  CHECK(claim["measurements"][0]["interval"][1].get<double>() == 5e-324);
  check_property("any finite number", [](double value) {
    RC_PRE(std::isfinite(value));
    Report report = small_report();
    report.rows[0].bound = value;
    const Json read = Json::parse(to_json(report));
    RC_ASSERT(read["claims"][0]["bound"]["value"].get<double>() == value);
  });
}

TEST_CASE("tests and rejections stand in the document", "[report][json]") {
  const Json document = Json::parse(to_json(small_report()));
  CHECK(document["statistical_tests"][1] == Json{{"claim", "T2"},
                                                 {"what", "exponent of 50% & more"},
                                                 {"trials", 60},
                                                 {"alpha", 2.34567e-5},
                                                 {"alternative", "above $-1/4$"},
                                                 {"power", 0.8}});
  const Json& rejections = document["rejections"];
  CHECK(rejections[0]["kind"] == "planted error");
  CHECK(rejections[0]["caught_by"] == Json({"ID", "T1'"}));
  CHECK(rejections[2] == Json{{"kind", "false claim"},
                              {"name", "T3 for every $\\lambda$"},
                              {"caught_by", Json::array()},
                              {"detail", "a & b"}});
  const Json none = Json::parse(to_json(Report()));
  CHECK(none["statistical_tests"] == Json::array());
  CHECK(none["rejections"] == Json::array());
}

TEST_CASE("only the environment block differs between two runs", "[report][json]") {
  Report one = small_report(), other = small_report();
  CHECK(to_json(one) == to_json(other));
  other.environment = {{"host", "b"}, {"wall time", "3 s"}};
  const std::string first = to_json(one), second = to_json(other);
  CHECK(first != second);
  const auto head = [](const std::string& text) {
    return text.substr(0, text.find("\"environment\""));
  };
  CHECK(head(first) == head(second));
  const Json document = Json::parse(first);
  CHECK(std::prev(document.end()).key() == "environment");
  CHECK(document.begin().key() == "schema_version");
}

TEST_CASE("bytes that are not UTF-8 do not cost the report", "[report][json]") {
  Report report = small_report();
  report.command = "folder \xff\xfe";
  CHECK_NOTHROW(Json::parse(to_json(report)));
}
