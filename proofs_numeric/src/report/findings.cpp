// SPDX-License-Identifier: Apache-2.0
// Findings read from report.json and from baselines.
#include <alignproof/report/findings.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <string_view>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/report/writers.hpp>

#include "format/strict_json.hpp"

namespace alignproof::inline report {

namespace {

using format::detail::excerpt;
using format::detail::Json;

constexpr int oldest_schema = 1;
/// The first that says what was run, and of which kind an interval is.
constexpr int first_schema_with_parts = 5;
constexpr const char* machine_note = "depends on the machine";

/// A value of a file and where it stands, which messages begin with. Accessors throw InputError.
class Place {
 public:
  Place(const Json& json, std::string path) : json_(&json), path_(std::move(path)) {}

  [[noreturn]] void refuse(const std::string& accepted) const {
    throw InputError(path_, excerpt(*json_), accepted);
  }
  const Json& json() const { return *json_; }
  const std::string& path() const { return path_; }
  bool has(const char* name) const { return json_->is_object() && json_->contains(name); }

  Place at(const char* name) const {
    if (!json_->is_object()) refuse(fmt::format("an object with '{}'", name));
    if (!json_->contains(name))
      throw InputError(fmt::format("{}: {}", path_, name), "(missing)",
                       "a report or baseline that this program can read");
    return {json_->at(name), fmt::format("{}: {}", path_, name)};
  }
  std::vector<Place> items() const {
    if (!json_->is_array()) refuse("a list");
    std::vector<Place> all;
    for (std::size_t i = 0; i < json_->size(); ++i)
      all.emplace_back(json_->at(i), fmt::format("{}: {}", path_, i));
    return all;
  }
  std::vector<std::pair<std::string, Place>> fields() const {
    if (!json_->is_object()) refuse("an object");
    std::vector<std::pair<std::string, Place>> all;
    for (const auto& [key, value] : json_->items())
      all.emplace_back(key, Place(value, fmt::format("{}: {}", path_, excerpt(Json(key)))));
    return all;
  }
  std::string text() const {
    if (!json_->is_string()) refuse("a string");
    return json_->get<std::string>();
  }
  std::uint64_t whole() const {
    if (!json_->is_number_unsigned()) refuse("a whole number >= 0");
    return json_->get<std::uint64_t>();
  }
  /// Nothing where it is null.
  std::optional<double> number() const {
    if (json_->is_null()) return std::nullopt;
    if (!json_->is_number()) refuse("a number or null");
    return json_->get<double>();
  }

 private:
  const Json* json_;
  std::string path_;
};

VerdictKind kind_at(const Place& place) {
  constexpr std::array kinds = {VerdictKind::proved,  VerdictKind::exact,     VerdictKind::holds,
                                VerdictKind::sampled, VerdictKind::undecided, VerdictKind::refuted,
                                VerdictKind::invalid};
  const std::string name = place.text();
  for (const VerdictKind kind : kinds)
    if (to_string(kind) == name) return kind;
  std::string known;
  for (const VerdictKind kind : kinds)
    known += fmt::format("{}{}", known.empty() ? "" : ", ", to_string(kind));
  place.refuse("one of " + known);
}

VerdictFound verdict_at(const Place& place) {
  VerdictFound verdict;
  verdict.kind = kind_at(place.at("kind"));
  verdict.detail = place.at("detail").text();
  verdict.conditional = verdict.kind == VerdictKind::proved && !verdict.detail.empty();
  if (place.has("routes"))  // from schema version 4 on
    for (const Place& route : place.at("routes").items()) verdict.routes.push_back(route.text());
  return verdict;
}

/// Both ends; one that is null is infinite.
std::optional<std::pair<double, double>> interval_at(const Place& place) {
  if (place.json().is_null()) return std::nullopt;
  const std::vector<Place> ends = place.items();
  if (ends.size() != 2) place.refuse("two ends, or null");
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const double low = ends[0].number().value_or(-infinity),
               high = ends[1].number().value_or(infinity);
  if (low > high) place.refuse("a lower and an upper end");
  return std::pair{low, high};
}

/// Nothing before schema version 5, and where there is no interval.
std::optional<IntervalKind> interval_kind_at(const Place& measurement, int version) {
  const bool is_needed =
      version >= first_schema_with_parts && !measurement.at("interval").json().is_null();
  if (!is_needed && !measurement.has("interval_kind")) return std::nullopt;
  const Place place = measurement.at("interval_kind");
  if (!is_needed && place.json().is_null()) return std::nullopt;
  const std::string word = place.text();
  for (const IntervalKind kind :
       {IntervalKind::confidence, IntervalKind::instance, IntervalKind::spread})
    if (to_string(kind) == word) return kind;
  place.refuse("confidence, instance, spread or null");
}

/// Names that are told apart: "a", "a (2)".
class Names {
 public:
  std::string unique(const std::string& name) {
    const int times = ++seen_[name];
    return times == 1 ? name : fmt::format("{} ({})", name, times);
  }

 private:
  std::map<std::string, int> seen_;
};

std::vector<Constant> constants_at(const Place& claim, int version) {
  std::vector<Constant> constants;
  Names names;
  for (const char* name : {"bound", "measured", "ratio"})
    constants.push_back({names.unique(name), claim.at(name).at("value").number(), std::nullopt});
  for (const Place& m : claim.at("measurements").items())
    constants.push_back({names.unique(m.at("name").text()), m.at("value").number(),
                         interval_at(m.at("interval")), interval_kind_at(m, version),
                         m.at("note").text().starts_with(machine_note)});
  return constants;
}

std::vector<Extent> extents_at(const Place& claim) {
  std::vector<Extent> extents;
  Names names;
  for (const char* name : {"instances", "seeds", "digits"})
    extents.push_back({names.unique(name), claim.at(name).whole(), false});
  for (const Place& premise : claim.at("premise_counts").items())
    extents.push_back({names.unique("instances with the premise " + premise.at("premise").text()),
                       premise.at("held").whole(), true});
  return extents;
}

bool flag_at(const Place& place) {
  if (!place.json().is_boolean()) place.refuse("true or false");
  return place.json().get<bool>();
}

/// Of a report of everything each claim ran. Before schema version 5 the words of the verdict say
/// it of a part.
bool ran_at(const Place& claim, const Findings& report) {
  if (report.version < first_schema_with_parts)
    return !report.part ||
           claim.at("verdict").at("detail").text() != "not looked at in profile smoke";
  const Place place = claim.at("ran");
  const bool ran = flag_at(place);
  if (!ran && !report.part) place.refuse("true, since the part of this report is false");
  return ran;
}

/// Before schema version 5 the command says it.
bool part_at(const Place& report, int version) {
  if (version >= first_schema_with_parts) return flag_at(report.at("part"));
  return report.at("profile").text() == "smoke" ||
         report.at("command").text().find(" --claims ") != std::string::npos;
}

ClaimFindings claim_at(const Place& place, const Findings& report) {
  ClaimFindings claim;
  claim.id = place.at("id").text();
  claim.title = place.at("title").text();
  claim.verdict = verdict_at(place.at("verdict"));
  claim.ran = ran_at(place, report);
  claim.constants = constants_at(place, report.version);
  claim.extents = extents_at(place);
  Names names;
  for (const Place& result : place.at("results").items())
    claim.instances.emplace_back(names.unique(result.at("name").text()),
                                 verdict_at(result.at("verdict")));
  return claim;
}

std::vector<std::pair<std::string, std::string>> pairs_at(const Place& place) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Place& pair : place.items())
    pairs.emplace_back(pair.at("name").text(), pair.at("value").text());
  return pairs;
}

Findings report_at(const Place& place) {
  Findings found;
  const Place version = place.at("schema_version");
  if (!version.json().is_number_integer() || version.json() < oldest_schema ||
      version.json() > Report::schema_version)
    throw InputError(
        version.path(), excerpt(version.json()),
        fmt::format("reports of schema version {} to {}", oldest_schema, Report::schema_version));
  found.version = version.json().get<int>();
  found.profile = place.at("profile").text();
  found.seed = place.at("seed").whole();
  found.command = place.at("command").text();
  found.part = part_at(place, found.version);
  found.settings = pairs_at(place.at("settings"));
  found.versions = pairs_at(place.at("versions"));
  found.environment = pairs_at(place.at("environment"));
  for (const Place& claim : place.at("claims").items()) {
    found.claims.push_back(claim_at(claim, found));
    const std::string& id = found.claims.back().id;
    if (found.claim(id) != &found.claims.back())
      throw InputError(claim.at("id").path(), fmt::format("'{}'", id), "each claim once");
  }
  if (found.claims.empty()) place.at("claims").refuse("a report of at least one claim");
  constexpr int first_with_rejections = 2;
  if (found.version < first_with_rejections) return found;
  Names names;
  for (const Place& rejection : place.at("rejections").items()) {
    auto& [name, ids] = found.refused.emplace_back(names.unique(rejection.at("name").text()),
                                                   std::vector<std::string>());
    for (const Place& id : rejection.at("caught_by").items()) ids.push_back(id.text());
  }
  return found;
}

/// A number, or [value, low, high].
Constant approved_constant(const std::string& name, const Place& place) {
  if (!place.json().is_array()) return {name, place.number(), std::nullopt};
  const std::vector<Place> numbers = place.items();
  if (numbers.size() != 3) place.refuse("a number, or [value, lower end, upper end]");
  const Json ends = {numbers[1].json(), numbers[2].json()};
  return {name, numbers[0].number(), interval_at({ends, place.path()})};
}

ClaimFindings approved_claim(const std::string& id, const Place& place) {
  ClaimFindings claim;
  claim.id = id;
  claim.verdict.kind = kind_at(place.at("verdict"));
  if (place.has("instances"))
    for (const auto& [name, verdict] : place.at("instances").fields()) {
      claim.instances.emplace_back(name, VerdictFound());
      claim.instances.back().second.kind = kind_at(verdict);
    }
  if (place.has("constants"))
    for (const auto& [name, constant] : place.at("constants").fields())
      claim.constants.push_back(approved_constant(name, constant));
  return claim;
}

/// "ID, KF"
std::vector<std::string> ids_in(std::string_view list) {
  std::vector<std::string> ids;
  while (!list.empty()) {
    const std::size_t end = list.find(", ");
    ids.emplace_back(list.substr(0, end));
    list.remove_prefix(end == std::string_view::npos ? list.size() : end + 2);
  }
  return ids;
}

void add_refused(const Place& place, Findings& found) {
  for (const auto& [name, by] : place.fields()) found.refused.emplace_back(name, ids_in(by.text()));
}

/// Of version 1, which has no field of that name: a claim a field, and "refused".
Findings first_baseline_at(const Place& place) {
  if (place.json().empty())
    throw InputError(place.path(), "'{}'",
                     "a report, which has \"schema_version\" and \"claims\", or a baseline, which "
                     "has \"baseline_version\" and \"claims\"");
  Findings found;
  found.source = Findings::Source::baseline;
  found.version = 1;
  for (const auto& [id, claim] : place.fields())
    if (id == "refused")
      add_refused(claim, found);
    else
      found.claims.push_back(approved_claim(id, claim));
  return found;
}

constexpr const char* version_field = "baseline_version";

Findings baseline_at(const Place& place) {
  const Place version = place.at(version_field);
  if (version.json() != Findings::baseline_version)
    throw InputError(version.path(), excerpt(version.json()),
                     fmt::format("{}, or a baseline of version 1, which has no such field",
                                 Findings::baseline_version));
  Findings found;
  found.source = Findings::Source::baseline;
  found.version = Findings::baseline_version;
  found.profile = place.at("profile").text();
  found.seed = place.at("seed").whole();
  for (const auto& [id, claim] : place.at("claims").fields())
    found.claims.push_back(approved_claim(id, claim));
  add_refused(place.at("refused"), found);
  return found;
}

}  // namespace

const ClaimFindings* Findings::claim(const std::string& id) const {
  const auto at =
      std::find_if(claims.begin(), claims.end(), [&](const auto& claim) { return claim.id == id; });
  return at == claims.end() ? nullptr : &*at;
}

Findings read_findings(const std::string& text, const std::string& file) {
  constexpr const char* wanted = "report.json of verify, or a baseline of verify --approve";
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin != std::string::npos && text[begin] == '<') throw InputError(file, "a page", wanted);
  const Json json = format::detail::parse_json(text, file);
  const Place place(json, file);
  if (!json.is_object()) throw InputError(file, excerpt(json), wanted);
  if (json.contains("format"))
    throw InputError(file, "a file of format " + excerpt(json.at("format")), wanted);
  if (json.contains("comparison_version")) throw InputError(file, "a comparison", wanted);
  if (place.has("schema_version")) return report_at(place);
  return place.has(version_field) ? baseline_at(place) : first_baseline_at(place);
}

Findings findings_of(const Report& report) {
  return read_findings(to_json(report), "report.json");
}

}  // namespace alignproof::inline report
