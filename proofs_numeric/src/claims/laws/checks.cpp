// SPDX-License-Identifier: Apache-2.0
#include "claims/laws/checks.hpp"

#include <fmt/format.h>

namespace alignproof::inline claims {

namespace {

constexpr std::size_t listed_whole = 20;  ///< of longer lists only what fails is shown

Verdict verdict_of(const LawCheck& check, LawChecks::Of of) {
  const std::string words = fmt::format("{:.5g}, expected {:.5g} within {:.2g}", check.measured,
                                        check.expected, check.allowed);
  if (check.fine()) return Verdict::sampled(words);
  return of == LawChecks::Of::single_runs
             ? Verdict::undecided("one run, no level: " + words + "; " + check.replay)
             : Verdict::refuted(words + "; " + check.replay);
}

}  // namespace

Handle<LawChecks> want_checks(Study& study, const std::string& name, LawChecks::Of of, double cost,
                              std::function<std::vector<LawCheck>()> make) {
  return study.want_parts<LawChecks>(
      "checks of " + name, {cost}, {name, of, {}},
      [make = std::move(make)](LawChecks& all, std::size_t) { all.checks = make(); });
}

std::vector<LawChecks> done(const std::vector<Handle<LawChecks>>& all) {
  std::vector<LawChecks> checks;
  for (const Handle<LawChecks>& each : all) checks.push_back(*each);
  return checks;
}

LawCheck conclude_checks(const std::vector<LawChecks>& all, ClaimRow& row) {
  std::vector<Verdict> verdicts;
  std::string before;
  if (!row.results.empty()) {
    verdicts.push_back(row.verdict);
    before = row.verdict.text() + "; ";
  }
  LawCheck closest;
  double share = -1;
  std::vector<std::string> counts;
  bool all_fine = true, counterexample = false;
  for (const auto& [name, of, checks] : all) {
    std::size_t fine = 0;
    for (const LawCheck& check : checks) {
      const bool is_worst = share < 0 || !(check.share() <= share);
      if (is_worst) share = check.share(), closest = check;
      fine += check.fine() ? 1 : 0;
      if (checks.size() > listed_whole && check.fine()) continue;
      row.results.push_back({check.name, verdict_of(check, of), check.replay});
    }
    all_fine = all_fine && fine == checks.size();
    counterexample = counterexample || (of == LawChecks::Of::law && fine < checks.size());
    counts.push_back(fmt::format("{} of {} {}", fine, checks.size(), name));
    row.instances += checks.size();
  }
  const std::string words = fmt::format("{}", fmt::join(counts, ", "));
  verdicts.push_back(all_fine         ? Verdict::sampled(words)
                     : counterexample ? Verdict::refuted(words)
                                      : Verdict::undecided(words));
  row.verdict = worst(verdicts);
  if (verdicts.size() > 1 && row.verdict.detail() == words)
    row.verdict = row.verdict.qualified(before);
  return closest;
}

void conclude_closest(const std::vector<LawChecks>& all, ClaimRow& row) {
  const LawCheck closest = conclude_checks(all, row);
  row.bound = closest.expected, row.bound_label = "expected, check closest to its allowance";
  row.measured = closest.measured;
  row.measured_label = "measured there";
  row.measurements.push_back(
      {"closest to its allowance: " + closest.name, closest.measured, std::nullopt,
       fmt::format("expected {:.5g} within {:.2g}", closest.expected, closest.allowed)});
  row.ratio = closest.share();
  row.ratio_label = "|measured - expected| / allowed";
  row.seeds = 1;
}

}  // namespace alignproof::inline claims
