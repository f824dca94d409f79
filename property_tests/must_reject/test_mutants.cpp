// SPDX-License-Identifier: Apache-2.0
// Every row of the table is produced by code that prints something else if the claim is false: with
// an error planted in the dynamics, the rows named here must change.
#include <alignproof/claims/claim.hpp>

#include <filesystem>
#include <map>
#include <set>

#include <alignproof/network/idx.hpp>
#include <alignproof/report/writers.hpp>

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
  profile.widths = {64, 256, 1024}, profile.width_seeds = 40, profile.control_seeds = 8,
  profile.width_steps = 50;
  profile.exponent_level = 1e-4;
  profile.p_alignment = 400;
  profile.identity_cases = 6;
  settings.jobs = 2;
  settings.image_folder = fashion_mnist_folder();
  settings.checker = ALIGNPROOF_CHECK_PROGRAM;
  settings.certificates = certificates;
  return settings;
}

const std::vector<std::string> ids = {"T1",  "T1a", "T1b", "T1c", "T1d", "T1e",
                                      "T1'", "T2",  "T3",  "ID",  "KF",  "TA"};

std::map<std::string, VerdictKind> verdicts(const Dynamics& dynamics,
                                            const std::vector<std::string>& claims) {
  const test::TemporaryFolder scratch;
  Settings settings = small_settings(scratch.path());
  settings.dynamics = dynamics;
  Progress silent;
  std::map<std::string, VerdictKind> kinds;
  for (const ClaimRow& row : verify(settings, claims, silent).rows)
    kinds[row.text.id] = row.verdict.kind();
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

// One test a mutant, so that a survivor is named. The rows listed must change; others may.
namespace {

void check_caught(Mutant mutant, const std::set<std::string>& must_change) {
  INFO(mutants::name(mutant));
  const std::vector<std::string> claims(must_change.begin(), must_change.end());
  CHECK(changed_rows(mutant, claims) == must_change);
}

}  // namespace

TEST_CASE("caught: 1/sqrt p missing in the step of beta", "[must_reject]") {
  check_caught(Mutant::no_root_p, {"ID", "KF", "T1", "T1'", "T1d", "T3"});
}
TEST_CASE("caught: backpropagation in place of feedback alignment", "[must_reject]") {
  check_caught(Mutant::backpropagation, {"ID", "KF", "T3"});
}
TEST_CASE("caught: sign of e flipped in the step of A", "[must_reject]") {
  check_caught(Mutant::wrong_sign, {"ID", "KF", "T3"});
}
TEST_CASE("caught: penalty on W in place of beta", "[must_reject]") {
  check_caught(Mutant::penalty_on_W, {"ID", "KF", "T1'", "T3"});
}
TEST_CASE("caught: psi in place of psi'", "[must_reject]") {
  check_caught(Mutant::psi_for_derivative, {"ID", "KF", "T3"});
}
TEST_CASE("caught: eta applied twice in the step of A", "[must_reject]") {
  check_caught(Mutant::eta_twice, {"ID", "KF", "T1e", "T3"});
}

TEST_CASE("refuted: a penalised network keeps its cosine of order 1/sqrt p", "[must_reject]") {
  // The control of T2: with the penalty kept, the claim's own test must say that the cosine does
  // not fall.
  const test::TemporaryFolder scratch;
  Progress silent;
  const Report report = verify(small_settings(scratch.path()), {"T2"}, silent);
  bool seen = false;
  for (const Measurement& m : report.rows.front().measurements)
    if (m.name == "exponent of $\\sup_t |\\cos|$, penalty kept") {
      seen = true;
      CHECK(m.interval->first > -0.25);
    }
  CHECK(seen);
}

TEST_CASE("the report does not depend on the number of threads", "[must_reject]") {
  const auto rows = [](std::size_t jobs) {
    const test::TemporaryFolder scratch;
    Settings settings = small_settings(scratch.path());
    settings.jobs = jobs;
    Progress silent;
    return to_json(verify(settings, {"T1", "T3", "ID", "TA"}, silent));
  };
  CHECK(rows(1) == rows(3));
}
