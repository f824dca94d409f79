// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <alignproof/core/provenance.hpp>

#include "common.hpp"

namespace alignproof {

namespace {

/// Activations that a small study evaluates, roughly.
constexpr double planted_error_cost = 3e7;

std::vector<std::pair<std::string, std::string>> describe(const Profile& profile) {
  return {
      {"probability wanted", fmt::format("1 - delta = {}", 1 - profile.delta)},
      {"level of each one-sided limit", fmt::format("{}", profile.level)},
      {"seeds", fmt::format("{}", profile.seeds)},
      {"step size eta", fmt::format("{}", profile.eta)},
      {"widths of T1; of T1a and T1b; of T1'; of T3",
       fmt::format("{}; {}; {} (tanh), {} (linear); {}", profile.p, profile.p_start,
                   profile.penalty_tanh.p, profile.penalty_linear.p, profile.p_alignment)},
      {"widths of T1c and T2",
       fmt::format("{}, {} seeds each", fmt::join(profile.widths, ", "), profile.width_seeds)},
      {"widths of the control of T2",
       fmt::format("{}, {} seeds each", fmt::join(profile.control_widths, ", "),
                   profile.control_seeds)},
      {"samples of T1c",
       fmt::format("{} at p = {}, {} seeds each", fmt::join(profile.samples, ", "),
                   profile.p_samples, profile.sample_seeds)},
      {"margin of exponents", fmt::format("{}", profile.growth_margin)},
      {"declared level kappa of T2", fmt::format("{}", profile.kappa)},
      {"T1w: 1 - delta; level; seeds at a width",
       fmt::format("{}; {}; {}", 1 - profile.star_delta, profile.star_level, profile.star_seeds)},
      {"samples and steps of T1w",
       fmt::format("{}; {}", fmt::join(profile.star_samples, ", "), profile.star_steps)},
      {"digits of the identities", fmt::format("{}", fmt::join(profile.digits, ", "))}};
}

}  // namespace

std::vector<Verdict> verdicts_of(const Report& report) {
  std::vector<Verdict> verdicts;
  for (const ClaimRow& row : report.rows) verdicts.push_back(row.verdict);
  for (const Rejection& rejection : report.rejections)
    if (rejection.caught_by.empty())
      verdicts.push_back(Verdict::undecided("not refused: " + rejection.name));
  return verdicts;
}

Report verify(const Settings& settings, const std::vector<std::string>& ids, Progress& progress) {
  std::vector<const Claim*> chosen;
  if (ids.empty())
    for (const Claim& claim : all_claims()) chosen.push_back(&claim);
  for (const std::string& id : ids) chosen.push_back(&claim_named(id));

  const bool whole = ids.empty();
  Study study(settings, progress);
  for (const Claim* claim : chosen) claim->plan(study);
  std::vector<Rejection> planted(whole ? all_planted_errors.size() : 0);
  if (whole) plan_false_claims(study);
  for (std::size_t k = 0; k < planted.size(); ++k)
    study.want(fmt::format("planted error {}", k), planted_error_cost, [&, k] {
      Settings own = settings;
      own.jobs = 1, own.certificates /= fmt::format("planted-{}", k);
      planted[k] = planted_error(own, all_planted_errors[k]);
    });
  study.run();

  Report report;
  report.profile = settings.profile.name;
  report.seed = settings.seed;
  report.settings = describe(settings.profile);
  for (const Claim* claim : chosen) {
    ClaimRow row;
    row.text = claim->text;
    claim->conclude(study, row);
    report.tests.insert(report.tests.end(), row.tests.begin(), row.tests.end());
    report.rows.push_back(std::move(row));
  }
  if (whole) report.rejections = false_claims(study, report.tests);
  report.rejections.insert(report.rejections.end(), planted.begin(), planted.end());
  report.figures = study_figures(study);
  report.versions = build_versions();
  return report;
}

}  // namespace alignproof
