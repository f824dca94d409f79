// SPDX-License-Identifier: Apache-2.0
// A report for machines: reports/schema/check.schema.json says what stands where.
#include <alignproof/core/no_fast_math.hpp>

#include <nlohmann/json.hpp>

#include <alignproof/core/provenance.hpp>

#include "decimals.hpp"
#include "facts.hpp"
#include "print.hpp"

namespace alignproof::check {

namespace {

using Json = nlohmann::ordered_json;

constexpr int schema_version = 1;
/// Of the ends of enclosures.
constexpr int digits = 17;

Json enclosure(const Ball& x) {
  return {{"lower", decimal_below(x, digits)}, {"upper", decimal_above(x, digits)}};
}

Json inequality(const Condition& condition) {
  Json json = {{"inequality", condition.inequality},
               {"decision", to_string(condition.decision)},
               {"left", nullptr},
               {"right", nullptr},
               {"margin", nullptr},
               {"step", nullptr},
               {"detail", condition.detail}};
  if (condition.sides) {
    json["left"] = enclosure(condition.sides->left);
    json["right"] = enclosure(condition.sides->right);
    json["margin"] = enclosure(condition.sides->margin);
  }
  if (condition.step) json["step"] = *condition.step;
  return json;
}

}  // namespace

Json json_of(const std::string& folder, const Report& report) {
  const bool proved = report.findings.decision == Decision::proved;
  Json json = {{"folder", folder},
               {"kind", report.kind},
               {"sha256", report.sha256},
               {"decision", to_string(report.findings.decision)},
               {"conditional", proved && report.implication.conditional},
               {"bits", report.findings.bits},
               {"complete", report.findings.complete},
               {"inequalities", Json::array()},
               {"facts", Json::array()},
               {"statements", Json::array()},
               {"text", lines_for_people(folder, report)}};
  for (const Condition& condition : report.findings.conditions)
    json["inequalities"].push_back(inequality(condition));
  for (const Fact& fact : facts_of(report))
    json["facts"].push_back({{"name", fact.name}, {"text", in_one_line(fact)}});
  if (proved) json["statements"] = report.implication.statements;
  return json;
}

std::string document_of(const std::vector<Json>& certificates) {
  const Json document = {{"schema_version", schema_version},
                         {"program", "alignproof-check"},
                         {"version", version()},
                         {"certificates", certificates}};
  // Names of folders need not be UTF-8.
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace alignproof::check
