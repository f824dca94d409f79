// SPDX-License-Identifier: Apache-2.0
// One event refutes a statement about chance only through a test with a level, and what is no
// number is never lost among numbers.
#include <claims/law_runs.hpp>

#include <cmath>
#include <filesystem>

#include <alignproof/claims/claim.hpp>

#include "property.hpp"

using namespace alignproof;

namespace {

struct Silent : Progress {};

/// A law record of the profile's shape whose gaps fall like p^exponent, a little apart.
LawRecord falling(const Profile& profile, double exponent) {
  LawRecord record;
  record.replay = "alignproof simulate ...";
  const std::size_t seeds = profile.laws.tuples * profile.laws.runs;
  for (std::size_t p : profile.laws.widths) {
    record.widths.push_back(static_cast<double>(p));
    record.gap.emplace_back();
    for (std::size_t s = 0; s < seeds; ++s)
      record.gap.back().push_back(std::pow(static_cast<double>(p), exponent) *
                                  (1 + 0.01 * static_cast<double>(s % 7)));
  }
  record.gap_after = record.moved = record.gap;
  record.after.assign(record.widths.size(), std::vector<double>(seeds, 0.9));
  record.cosine.resize(record.widths.size());
  return record;
}

ClaimRow concluded(const Study& study, const char* id) {
  const Claim& claim = claim_named(id);
  ClaimRow row;
  row.text = claim.text;
  claim.conclude(study, row);
  return row;
}

/// law1 with `lost` tuples of the first case in which the widest run diverged.
VerdictKind law1_with(std::size_t lost, double exponent = -0.5) {
  Silent silent;
  Study study(Settings{}, silent);
  const Profile& profile = study.profile();
  for (const LawCase& c : general_cases(study.settings()))
    study.laws[c.name] = falling(profile, exponent);
  LawRecord& first = study.laws.at(general_cases(study.settings()).front().name);
  for (std::size_t tuple = 0; tuple < lost; ++tuple)
    first.gap.back()[tuple * profile.laws.runs] = tuple % 2 ? INFINITY : std::nan("");
  return concluded(study, "law1").verdict.kind();
}

}  // namespace

TEST_CASE("a run that diverged counts through the test of its row, not by itself", "[claims]") {
  CHECK(law1_with(0) == VerdictKind::holds);
  // Of 32 slopes the second largest is the upper limit.
  CHECK(law1_with(1) == VerdictKind::holds);
  CHECK(law1_with(2) == VerdictKind::undecided);
  CHECK(law1_with(20) == VerdictKind::undecided);
  CHECK(law1_with(31) == VerdictKind::refuted);
  CHECK(law1_with(32) == VerdictKind::refuted);
  CHECK(law1_with(0, -0.1) == VerdictKind::refuted);
}

TEST_CASE("runs below the level that T3K guarantees: a few decide nothing, many refute",
          "[claims]") {
  const auto kind = [](std::size_t below, double cosine) {
    Silent silent;
    Study study(Settings{}, silent);
    const std::string name = general_cases(study.settings()).front().name;
    study.laws[name] = falling(study.profile(), -0.5);
    for (std::size_t s = 0; s < below; ++s) study.laws[name].after.back()[s] = cosine;
    study.levels.push_back({2, 0.5, 0.4, 0.9});
    const ClaimRow row = concluded(study, "T3K");
    CHECK(row.tests.size() == 1);
    CHECK(row.results.size() == 2);
    return row.verdict.kind();
  };
  CHECK(kind(0, 0.1) == VerdictKind::sampled);
  CHECK(kind(1, 0.1) == VerdictKind::undecided);
  CHECK(kind(1, std::nan("")) == VerdictKind::undecided);
  CHECK(kind(120, 0.1) == VerdictKind::refuted);
}

TEST_CASE("a check on one run refutes nothing, one of the law does", "[claims]") {
  const auto kind = [](bool one_run, double measured) {
    Silent silent;
    Study study(Settings{}, silent);
    for (const char* name :
         {"constants of the law", "rates of a run, isometric", "rates of a run, unit sphere"})
      study.law_checks[name] = {{"fine", "", 1, 1, 0.1}};
    study.law_checks["constants of the law"].push_back({"off", "", 1, measured, 0.1, true, one_run});
    return concluded(study, "law5").verdict.kind();
  };
  CHECK(kind(true, 1.05) == VerdictKind::sampled);
  CHECK(kind(true, 2) == VerdictKind::undecided);
  CHECK(kind(true, std::nan("")) == VerdictKind::undecided);
  CHECK(kind(false, 2) == VerdictKind::refuted);
  CHECK(kind(false, std::nan("")) == VerdictKind::refuted);
}

TEST_CASE("what is no number is the largest and the smallest of any numbers", "[claims]") {
  const double none = std::nan("");
  for (const std::vector<double>& v :
       {std::vector{none, 1.0, 2.0}, {1.0, none, 2.0}, {1.0, 2.0, none}}) {
    CHECK(std::isnan(largest(v)));
    CHECK(std::isnan(smallest(v)));
    CHECK(std::isnan(quantile_of(v, 0.5)));
  }
  CHECK(largest({1, 3, 2}) == 3);
  CHECK(smallest({2, 1, 3}) == 1);
  CHECK(quantile_of({1, 2, 3}, 0.5) == 2);
}

TEST_CASE("identities whose runs diverge are not called sampled", "[claims]") {
  Settings settings;
  settings.profile = self_test_profile();
  settings.certificates = std::filesystem::temp_directory_path();
  settings.dynamics.in_mpfr = [](const Problem<Mpfr>& problem, const Forward<Mpfr>& at,
                                 std::size_t t, KernelState<Mpfr>& state) {
    step(problem, at, t, state);
    state.beta /= Mpfr(0);
  };
  Silent silent;
  for (const ClaimRow& row : verify(settings, {"ID", "KF"}, silent).rows)
    CHECK(row.verdict.kind() == VerdictKind::undecided);
}

TEST_CASE("a seed outside the premises is no trial", "[claims]") {
  BatchResult result;
  result.records.resize(10);
  for (std::size_t s = 0; s < 10; ++s) result.records[s].E0 = static_cast<double>(s);
  const Seeds seeds = count_seeds(result, [](const BatchResult&, const RunRecord& r) {
    return r.E0 < 3 ? SeedOutcome::outside : success_if(r.E0 > 4);
  });
  CHECK(seeds.trials == 7);
  CHECK(seeds.successes == 5);
  CHECK(probability_verdict({0.9, 1e-8}, {0, 0, 0}, "").kind() == VerdictKind::undecided);
}
