// SPDX-License-Identifier: Apache-2.0
// Every row of the table is produced by code that prints something else if the claim is false: with an
// error planted in the dynamics, the rows named here must change.
#include <alignproof/claims/claim.hpp>

#include <filesystem>
#include <map>
#include <set>

#include "format/temporary_folder.hpp"
#include "must_reject/mutants.hpp"
#include "property.hpp"

using namespace alignproof;
using mutants::Mutant;

namespace {

/// Like quick, but smaller: weaker levels, fewer seeds and steps.
Settings small_settings(const std::filesystem::path& certificates) {
  Settings settings;
  Profile& profile = settings.profile;
  profile.name = "small";
  profile.delta = 0.3, profile.level = 1e-6, profile.seeds = 39, profile.bp_seeds = 2;
  profile.p = 1024, profile.p_start = 8192, profile.steps = 40;
  profile.p_penalty = 400, profile.penalty_cut = 30, profile.penalty_steps = 60;
  profile.widths = {64, 256, 1024}, profile.width_seeds = 40, profile.control_seeds = 8, profile.width_steps = 50;
  profile.exponent_level = 1e-4;
  profile.p_alignment = 400;
  profile.identity_cases = 6;
  settings.jobs = 2;
  settings.checker = ALIGNPROOF_CHECK_PROGRAM;
  settings.certificates = certificates;
  return settings;
}

const std::vector<std::string> ids = {"T1", "T1a", "T1b", "T1c", "T1d", "T1e", "T1'", "T2", "T3", "ID", "KF", "TA"};

std::map<std::string, VerdictKind> verdicts(const Dynamics& dynamics, const std::vector<std::string>& claims) {
  const test::TemporaryFolder scratch;
  Settings settings = small_settings(scratch.path());
  settings.dynamics = dynamics;
  Progress silent;
  std::map<std::string, VerdictKind> kinds;
  for (const ClaimRow& row : verify(settings, claims, silent).rows) kinds[row.text.id] = row.verdict.kind();
  return kinds;
}

const std::map<std::string, VerdictKind>& true_verdicts() {
  static const auto kinds = verdicts(Dynamics(), ids);
  return kinds;
}

/// Which rows of `claims` have another verdict than with the true dynamics.
std::set<std::string> changed_rows(Mutant mutant, const std::vector<std::string>& claims) {
  std::set<std::string> changed;
  for (const auto& [id, kind] : verdicts(mutants::dynamics_with(mutant), claims))
    if (kind != true_verdicts().at(id)) changed.insert(id);
  return changed;
}

}  // namespace

TEST_CASE("the true dynamics passes every row of the small profile", "[must_reject]") {
  for (const auto& [id, kind] : true_verdicts()) {
    INFO(id << ": " << to_string(kind));
    CHECK(kind < VerdictKind::undecided);
  }
}

TEST_CASE("explore", "[.explore]") {
  for (Mutant mutant : {Mutant::no_root_p, Mutant::backpropagation, Mutant::wrong_sign, Mutant::penalty_on_W,
                        Mutant::psi_for_derivative, Mutant::eta_twice}) {
    std::string line = mutants::name(mutant);
    line += ":";
    for (const auto& [id, kind] : verdicts(mutants::dynamics_with(mutant), ids))
      if (kind != true_verdicts().at(id)) line += " " + id + "=" + std::string(to_string(kind));
    WARN(line);
  }
}
