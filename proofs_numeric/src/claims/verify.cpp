// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <alignproof/core/provenance.hpp>

#include "common.hpp"

namespace alignproof {

namespace {

std::vector<std::pair<std::string, std::string>> describe(const Profile& profile) {
  return {{"probability wanted", fmt::format("1 - delta = {}", 1 - profile.delta)},
          {"level of each one-sided limit", fmt::format("{}", profile.level)},
          {"seeds", fmt::format("{}", profile.seeds)},
          {"step size eta", fmt::format("{}", profile.eta)},
          {"widths of T1; of T1a and T1b; of T1'; of T3",
           fmt::format("{}; {}; {}; {}", profile.p, profile.p_start, profile.p_penalty,
                       profile.p_alignment)},
          {"widths of T1c and T2",
           fmt::format("{}, {} seeds each", fmt::join(profile.widths, ", "), profile.width_seeds)},
          {"level of the intervals of exponents",
           fmt::format("{} (normal approximation)", profile.exponent_level)},
          {"margin of exponents", fmt::format("{}", profile.growth_margin)},
          {"digits of the identities", fmt::format("{}", fmt::join(profile.digits, ", "))}};
}

}  // namespace

Report verify(const Settings& settings, const std::vector<std::string>& ids, Progress& progress) {
  std::vector<const Claim*> chosen;
  if (ids.empty())
    for (const Claim& claim : all_claims()) chosen.push_back(&claim);
  for (const std::string& id : ids) chosen.push_back(&claim_named(id));

  Study study(settings, progress);
  for (const Claim* claim : chosen) claim->plan(study);
  study.run();

  Report report;
  report.profile = settings.profile.name;
  report.seed = settings.seed;
  report.settings = describe(settings.profile);
  for (const Claim* claim : chosen) {
    ClaimRow row;
    row.text = claim->text;
    claim->conclude(study, row);
    report.rows.push_back(std::move(row));
  }
  report.figures = study_figures(study);
  report.versions = build_versions();
  return report;
}

}  // namespace alignproof
