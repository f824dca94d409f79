// SPDX-License-Identifier: Apache-2.0
// Approved findings: what a regression test of the mathematics compares.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alignproof/report/comparison.hpp>

namespace alignproof::inline report {

namespace {

using Json = nlohmann::json;

/// JSON has no infinities.
Json end_of_interval(double end) {
  return std::isfinite(end) ? Json(end) : Json(nullptr);
}

Json approved(const Constant& constant) {
  if (!constant.interval) return *constant.value;
  return {*constant.value, end_of_interval(constant.interval->first),
          end_of_interval(constant.interval->second)};
}

/// The constant as it stands in an earlier baseline, unless it has moved.
const Constant& as_before(const Constant& now, const ClaimFindings* before) {
  if (!before) return now;
  for (const Constant& old : before->constants)
    if (old.name == now.name && movement(old, now, {}).change == Change::same) return old;
  return now;
}

Json approved(const ClaimFindings& claim, const ClaimFindings* before) {
  Json entry = {{"verdict", to_string(claim.verdict.kind)}};
  for (const auto& [name, verdict] : claim.instances)
    entry["instances"][name] = to_string(verdict.kind);
  for (const Constant& constant : claim.constants)
    if (constant.value && !constant.of_machine)
      entry["constants"][constant.name] = approved(as_before(constant, before));
  return entry;
}

bool contains(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

std::string to_baseline(const Findings& findings, const Findings& before) {
  Json claims = Json::object(), refused = Json::object();
  for (const ClaimFindings& claim : findings.claims)
    claims[claim.id] = approved(claim, before.claim(claim.id));
  for (const auto& [name, by] : findings.refused)
    refused[name] = fmt::format("{}", fmt::join(by, ", "));
  const Json baseline = {{"baseline_version", Findings::baseline_version},
                         {"profile", findings.profile},
                         {"seed", findings.seed.value_or(0)},
                         {"claims", claims},
                         {"refused", refused}};
  return baseline.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Findings known_to(const Findings& baseline, const Findings& findings,
                  const std::vector<std::string>& brought) {
  Findings known = findings;
  if (brought.empty()) return known;
  std::erase_if(known.claims, [&](const ClaimFindings& claim) {
    return contains(brought, claim.id) && !baseline.claim(claim.id);
  });
  if (known.claims.empty()) known.claims = findings.claims;
  std::erase_if(known.refused, [&](const auto& falsehood) {
    return std::none_of(baseline.refused.begin(), baseline.refused.end(),
                        [&](const auto& each) { return each.first == falsehood.first; });
  });
  return known;
}

Findings replaced_in(const Findings& baseline, const Findings& findings) {
  Findings all = findings;
  for (const ClaimFindings& claim : baseline.claims)
    if (!findings.claim(claim.id)) all.claims.push_back(claim);
  if (findings.refused.empty()) all.refused = baseline.refused;
  return all;
}

}  // namespace alignproof::inline report
