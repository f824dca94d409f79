// SPDX-License-Identifier: Apache-2.0
// Runs and results as text: lines of JSON in the store, and tables for people.
#include <cmath>
#include <limits>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/sweeps/sweep.hpp>

#include "sweeps/spec_fields.hpp"

namespace alignproof::inline sweeps {

namespace {

using Json = nlohmann::ordered_json;

template <class Spec>
std::string line_of(const Spec& spec) {
  Json json;
  for (const Field<Spec>& field : fields_of<Spec>())
    std::visit([&](const auto& x) { json[field.name] = x; }, field.get(spec));
  return json.dump();
}

std::optional<FieldValue> value_in(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number_unsigned()) return json.get<std::uint64_t>();
  if (json.is_number()) return json.get<double>();
  return {};
}

template <class Spec>
Spec spec_from(const Json& json) {
  Spec spec;
  for (const Field<Spec>& field : fields_of<Spec>()) {
    const std::optional<FieldValue> value = value_in(json.at(field.name));
    if (!value || !field.set(spec, *value))
      throw InputError(field.name, one_line(json.at(field.name).dump()), field.accepted);
  }
  return spec;
}

Json number(double x) {
  return std::isfinite(x) ? Json(x) : Json(nullptr);
}
double number_from(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

/// [t, loss, alignment] or, of a classifier, these and four more; the last may be null.
Json json_of(const Observation& o) {
  Json json = {o.t, number(o.loss), number(o.alignment)};
  if (o.test_accuracy)
    for (const auto& value :
         {o.train_accuracy, o.test_accuracy, o.signal_alignment, o.middle_alignment})
      json.push_back(value ? number(*value) : Json(nullptr));
  return json;
}

Observation observation_from(const Json& json) {
  Observation o{json.at(0), number_from(json.at(1)), number_from(json.at(2)), {}, {}, {}, {}};
  if (json.size() == 3) return o;
  o.train_accuracy = number_from(json.at(3)), o.test_accuracy = number_from(json.at(4));
  o.signal_alignment = number_from(json.at(5));
  if (!json.at(6).is_null()) o.middle_alignment = number_from(json.at(6));
  return o;
}

std::string cell(const std::optional<double>& x) {
  return x ? fmt::format("{}", *x) : "";
}

const char* how_ended(const ClassificationSpec&, const RunResult& r) {
  return r.diverged ? "diverged" : "done";
}

/// Both tables begin with fields of the run.
template <class Spec>
std::string heading() {
  std::string names;
  for (const Field<Spec>& field : fields_of<Spec>())
    if (field.use.in_table) names += field.name + ",";
  return names + "steps,ended,loss,alignment";
}

template <class Spec>
std::string row(const Spec& spec, const RunResult& r) {
  std::string cells;
  for (const Field<Spec>& field : fields_of<Spec>())
    if (field.use.in_table)
      cells += std::visit([](const auto& x) { return fmt::format("{}", x); }, field.get(spec))
                   .substr(0, field.use.table_characters) +
               ",";
  return cells +
         fmt::format("{},{},{},{}", r.end.t, how_ended(spec, r), r.end.loss, r.end.alignment);
}

std::string of_images(const Observation& o) {
  return fmt::format("{},{},{},{}", cell(o.train_accuracy), cell(o.test_accuracy),
                     cell(o.signal_alignment), cell(o.middle_alignment));
}

constexpr const char* image_columns =
    "train_accuracy,test_accuracy,signal_alignment,middle_alignment";

}  // namespace

std::string schedule_in_words(const Penalty& schedule) {
  std::string words;
  if (falls(schedule.decay))
    words = fmt::format("{} {}", to_string(schedule.decay), schedule.scale);
  if (schedule.cut != Penalty::never)
    words += fmt::format("{}cut {}", words.empty() ? "" : " ", schedule.cut);
  return words.empty() ? "constant" : words;
}

Penalty schedule_from(const std::string& words) {
  const auto refuse = [&] {
    throw InputError("schedule", fmt::format("'{}'", one_line(words)),
                     "constant, geometric RATIO or inverse-square TIME, then perhaps cut STEPS");
  };
  Penalty schedule;
  std::istringstream in(words);
  in.imbue(std::locale::classic());
  std::string word;
  in >> word;
  for (const Decay decay : all_decays)
    if (word == to_string(decay)) {
      schedule.decay = decay;
      if (falls(decay) && !(in >> schedule.scale)) refuse();
      if (!(in >> word)) word.clear();
      break;
    }
  if (word == "cut") {
    if (!(in >> word) || word.empty() || word.size() > 15 ||
        word.find_first_not_of("0123456789") != std::string::npos)
      refuse();
    schedule.cut = std::stoull(word);
    word.clear();
  }
  if (!word.empty() || in >> word || words.empty()) refuse();
  require_valid(schedule);
  return schedule;
}

std::string to_line(const RunSpec& spec) {
  return std::visit([](const auto& s) { return line_of(s); }, spec);
}

std::string in_words(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  return std::visit([](const auto& x) { return Json(x).dump(); }, value);
}

std::vector<NamedValue> fields(const RunSpec& run) {
  std::vector<NamedValue> all;
  const auto take = [&]<class Spec>(const Spec& spec) {
    for (const Field<Spec>& field : fields_of<Spec>())
      all.push_back({field.name, field.get(spec),
                     field.use.heading.empty() ? field.name : field.use.heading, field.use.speaks});
  };
  std::visit(take, run);
  return all;
}

RunSpec spec_from_line(const std::string& line) {
  const Json json = Json::parse(line);
  if (json.contains("images")) return spec_from<ClassificationSpec>(json);
  return spec_from<RegressionSpec>(json);
}

const char* how_ended(const RegressionSpec& spec, const RunResult& result) {
  if (result.diverged) return "diverged";
  if (spec.steps) return "done";
  return result.end.t < most_steps(spec.width) ? "settled" : "unsettled";
}

std::string to_line(const RunResult& result) {
  Json json;
  json["end"] = json_of(result.end);
  json["diverged"] = result.diverged;
  json["trace"] = Json::array();
  for (const Observation& o : result.trace) json["trace"].push_back(json_of(o));
  return json.dump();
}

RunResult result_from_line(const std::string& line) {
  const Json json = Json::parse(line);
  RunResult result;
  result.end = observation_from(json.at("end"));
  result.diverged = json.at("diverged");
  for (const Json& o : json.at("trace")) result.trace.push_back(observation_from(o));
  return result;
}

std::string table(const Sweep& sweep, const std::vector<RunResult>& results) {
  const bool images = std::holds_alternative<ClassificationSpec>(sweep.runs.at(0));
  std::string lines = images ? fmt::format("{},{}\n", heading<ClassificationSpec>(), image_columns)
                             : heading<RegressionSpec>() + "\n";
  for (std::size_t i = 0; i < results.size(); ++i) {
    lines += std::visit([&](const auto& s) { return row(s, results[i]); }, sweep.runs.at(i));
    lines += images ? "," + of_images(results[i].end) + "\n" : "\n";
  }
  return lines;
}

std::string traces(const std::vector<RunResult>& results) {
  std::string lines;
  for (std::size_t i = 0; i < results.size(); ++i)
    for (const Observation& o : results[i].trace)
      lines += fmt::format("{},{},{},{},{}\n", i + 1, o.t, o.loss, o.alignment, of_images(o));
  if (lines.empty()) return "";
  return fmt::format("run,t,loss,alignment,{}\n", image_columns) + lines;
}

}  // namespace alignproof::inline sweeps
