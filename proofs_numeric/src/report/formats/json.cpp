// SPDX-License-Identifier: Apache-2.0
// The report as JSON: reports/schema/report.schema.json says what stands where.
#include <cmath>
#include <optional>

#include <nlohmann/json.hpp>

#include <alignproof/report/formats.hpp>
#include <alignproof/report/writers.hpp>

#include "report/evidence.hpp"

namespace alignproof::inline report {
namespace {

using Json = nlohmann::ordered_json;

/// JSON has no infinities; of a finite number nlohmann writes digits that read back to it exactly.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}

Json numbers(const std::vector<double>& values) {
  Json all = Json::array();
  for (const double value : values) all.push_back(number(value));
  return all;
}

template <class Items, class Writer>
Json list(const Items& items, Writer writer) {
  Json all = Json::array();
  for (const auto& item : items) all.push_back(writer(item));
  return all;
}

Json named_values(const std::vector<std::pair<std::string, std::string>>& pairs) {
  return list(pairs, [](const auto& pair) {
    return Json{{"name", pair.first}, {"value", pair.second}};
  });
}

Json verdict(const Verdict& v) {
  return {{"kind", to_string(v.kind())},
          {"detail", v.detail()},
          {"routes", list(v.routes(), [](Route route) { return Json(to_string(route)); })},
          {"not_formal", v.not_formal()}};
}

Json labelled(const std::string& label, const std::optional<double>& value) {
  return {{"label", label}, {"value", number(value)}};
}

Json measurement(const Measurement& m) {
  Json interval = nullptr;
  if (m.interval) interval = Json::array({number(m.interval->first), number(m.interval->second)});
  Json kind = m.interval ? Json(to_string(m.kind)) : Json(nullptr);
  return {{"name", m.name},
          {"value", number(m.value)},
          {"interval", interval},
          {"interval_kind", kind},
          {"note", m.note}};
}

Json instance(const InstanceResult& result) {
  Json certificate = nullptr;
  if (!result.certificate.empty())
    certificate = {{"folder", result.certificate}, {"sha256", result.certificate_hash}};
  return {{"name", result.name},
          {"verdict", verdict(result.verdict)},
          {"replay", result.replay},
          {"certificate", certificate}};
}

Json premise_count(const PremiseCount& count) {
  return {{"premise", count.premise}, {"held", count.held}, {"of", count.of}};
}

Json claim(const ClaimRow& row) {
  return {{"id", row.text.id},
          {"title", row.text.title},
          {"ran", row.ran},
          {"verdict", verdict(row.verdict)},
          {"bound", labelled(row.bound_label, row.bound)},
          {"measured", labelled(row.measured_label, row.measured)},
          {"ratio", labelled(row.ratio_label, row.ratio)},
          {"instances", row.instances},
          {"seeds", row.seeds},
          {"digits", row.digits},
          {"premise_counts", list(row.premises, premise_count)},
          {"measurements", list(row.measurements, measurement)},
          {"results", list(row.results, instance)},
          {"statement", row.text.statement},
          {"premises", row.text.premises},
          {"conclusion", row.text.conclusion},
          {"constants", row.text.constants},
          {"source", row.text.source},
          {"method", row.text.method},
          {"falsifier", row.text.falsifier}};
}

const char* style_name(Series::Style style) {
  switch (style) {
    case Series::Style::line:
      return "line";
    case Series::Style::dashed:
      return "dashed";
    case Series::Style::points:
      return "points";
    case Series::Style::line_and_points:
      return "line_and_points";
  }
  return "line";
}

Json series(const Series& s) {
  return {{"name", s.name},    {"style", style_name(s.style)}, {"x", numbers(s.x)},
          {"y", numbers(s.y)}, {"low", numbers(s.low)},        {"high", numbers(s.high)},
          {"at", s.at}};
}

Json figure(const Figure& f) {
  return {{"id", f.id},           {"title", f.title},
          {"caption", f.caption}, {"x_label", f.x_label},
          {"y_label", f.y_label}, {"log_x", f.log_x},
          {"log_y", f.log_y},     {"series", list(f.series, series)}};
}

Json test(const StatisticalTest& t) {
  return {{"claim", t.claim},
          {"what", t.what},
          {"trials", t.trials},
          {"alpha", number(t.alpha)},
          {"alternative", t.alternative},
          {"power", number(t.power)}};
}

Json cell(const SimulationCell& c) {
  return {{"keys", c.keys},
          {"runs", c.runs},
          {"diverged", c.diverged},
          {"values", list(c.values, measurement)}};
}

Json simulation(const Simulation& s) {
  return {{"id", s.id},
          {"title", s.title},
          {"scale", s.scale},
          {"command", s.command},
          {"note", s.note},
          {"keys", s.keys},
          {"quantities", s.quantities},
          {"cells", list(s.cells, cell)},
          {"figures", list(s.figures, figure)}};
}

Json rejection(const Rejection& r) {
  return {{"kind", detail::to_string(r.kind)},
          {"name", r.name},
          {"caught_by", r.caught_by},
          {"detail", r.detail}};
}

}  // namespace

std::string to_json(const Report& report) {
  const Json document = {{"schema_version", Report::schema_version},
                         {"profile", report.profile},
                         {"seed", report.seed},
                         {"command", report.command},
                         {"part", report.part},
                         {"settings", named_values(report.settings)},
                         {"claims", list(report.rows, claim)},
                         {"figures", list(report.figures, figure)},
                         {"statistical_tests", list(report.tests, test)},
                         {"rejections", list(report.rejections, rejection)},
                         {"simulations", list(report.simulations, simulation)},
                         {"versions", named_values(report.versions)},
                         {"environment", named_values(report.environment)}};
  // Bytes that are not UTF-8 (a folder name, say) must not cost the report.
  return document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

namespace formats {

ReportFormat json() {
  return {"json", "report.json", to_json};
}

}  // namespace formats

}  // namespace alignproof::inline report
