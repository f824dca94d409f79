// SPDX-License-Identifier: Apache-2.0
// Expected verdicts: what a regression test of the mathematics compares.
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/report/writers.hpp>

namespace alignproof::inline report {

namespace {

using Json = nlohmann::json;

/// "T1/instances/sphere ..." -> "holds", for every leaf.
void flatten(const Json& json, const std::string& path, std::map<std::string, std::string>& out) {
  if (!json.is_object()) {
    out[path] = json.is_string() ? json.get<std::string>() : json.dump();
    return;
  }
  for (const auto& [key, value] : json.items())
    flatten(value, path.empty() ? key : path + ": " + key, out);
}

Json object_in(const std::string& text) {
  // A NUL byte is not the end of the text, as the library takes it.
  const bool whole = text.find('\0') == std::string::npos;
  Json json = whole ? Json::parse(text, nullptr, false) : Json();
  if (!json.is_object())
    throw InputError("baseline", "a text that is no JSON object", "a file made by --approve");
  return json;
}

std::map<std::string, std::string> leaves(const std::string& text) {
  std::map<std::string, std::string> out;
  flatten(object_in(text), "", out);
  return out;
}

std::string written(const Json& verdicts) {
  return verdicts.dump(2) + "\n";
}

}  // namespace

std::string verdicts_to_json(const Report& report) {
  Json verdicts = Json::object();
  for (const ClaimRow& row : report.rows) {
    Json& entry = verdicts[row.text.id];
    entry["verdict"] = to_string(row.verdict.kind());
    for (const InstanceResult& result : row.results)
      entry["instances"][result.name] = to_string(result.verdict.kind());
  }
  for (const Rejection& rejection : report.rejections)
    verdicts["refused"][rejection.name] = fmt::format("{}", fmt::join(rejection.caught_by, ", "));
  return written(verdicts);
}

std::string known_verdicts(const std::string& baseline, const std::string& verdicts,
                           const std::vector<std::string>& brought) {
  const Json known = object_in(baseline), all = object_in(verdicts);
  Json now = all;
  for (const std::string& id : brought)
    if (!known.contains(id)) now.erase(id);
  if (now.empty()) now = all;
  if (brought.empty() || !now.contains("refused")) return written(now);
  const Json refused = known.value("refused", Json::object());
  for (auto at = now["refused"].begin(); at != now["refused"].end();)
    at = refused.contains(at.key()) ? std::next(at) : now["refused"].erase(at);
  return written(now);
}

std::string replaced_verdicts(const std::string& baseline, const std::string& verdicts) {
  Json all = object_in(baseline);
  all.update(object_in(verdicts));
  return written(all);
}

std::vector<std::string> changed_verdicts(const std::string& before, const std::string& after,
                                          bool only_after) {
  const auto old = leaves(before), now = leaves(after);
  const Json rows = Json::parse(after);
  const auto asked_for = [&](const std::string& path) {
    return !only_after || rows.contains(path.substr(0, path.find(": ")));
  };
  std::vector<std::string> changes;
  for (const auto& [path, verdict] : old) {
    const auto found = now.find(path);
    if (found == now.end() && !asked_for(path)) continue;
    if (found == now.end())
      changes.push_back(fmt::format("{}: {} before, missing now", path, verdict));
    else if (found->second != verdict)
      changes.push_back(fmt::format("{}: {} before, {} now", path, verdict, found->second));
  }
  for (const auto& [path, verdict] : now)
    if (!old.contains(path)) changes.push_back(fmt::format("{}: {} now, new", path, verdict));
  return changes;
}

}  // namespace alignproof::inline report
