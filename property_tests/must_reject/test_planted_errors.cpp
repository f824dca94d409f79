// SPDX-License-Identifier: Apache-2.0
// The code behind rows of the table prints something else if a claim is false: with an error
// planted in the dynamics, the rows named here must refute it.
#include <alignproof/claims/claim.hpp>

#include <algorithm>

#include <alignproof/report/writers.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

Settings small_settings(const test::TemporaryFolder& scratch) {
  Settings settings;
  settings.profile = self_test_profile();
  settings.jobs = 2;
  settings.checker = ALIGNPROOF_CHECK_PROGRAM;
  settings.certificates = scratch.path();
  return settings;
}

/// The rows named must refute; others may.
void check_caught(PlantedError error, const std::vector<std::string>& by) {
  const test::TemporaryFolder scratch;
  const Rejection rejection = planted_error(small_settings(scratch), error);
  INFO(rejection.name);
  for (const std::string& id : by) {
    INFO(id);
    CHECK(std::count(rejection.caught_by.begin(), rejection.caught_by.end(), id) == 1);
  }
}

}  // namespace

TEST_CASE("the true dynamics is refuted by no row of the self-test", "[must_reject]") {
  const test::TemporaryFolder scratch;
  CHECK(true_dynamics_refuted_by(small_settings(scratch)).empty());
}

TEST_CASE("caught: 1/sqrt p missing in the step of beta", "[must_reject]") {
  check_caught(PlantedError::no_root_p, {"T1", "T3", "ID", "KF", "EX"});
}
TEST_CASE("caught: backpropagation in place of feedback alignment", "[must_reject]") {
  check_caught(PlantedError::backpropagation, {"T3", "ID", "KF", "EX"});
}
TEST_CASE("caught: penalty on W in place of beta", "[must_reject]") {
  check_caught(PlantedError::penalty_on_W, {"T3", "ID", "KF", "EX", "KP"});
}
TEST_CASE("caught: sign of e flipped in the step of W", "[must_reject]") {
  check_caught(PlantedError::wrong_sign, {"T3", "ID", "KF", "EX"});
}
TEST_CASE("caught: psi in place of psi'", "[must_reject]") {
  check_caught(PlantedError::psi_for_derivative, {"T3", "ID", "KF", "EX"});
}
TEST_CASE("caught: f taken after the update", "[must_reject]") {
  check_caught(PlantedError::updated_f, {"ID", "KF", "EX"});
}
TEST_CASE("caught: outputs of b and e paired wrongly", "[must_reject]") {
  check_caught(PlantedError::wrong_pairing, {"ID", "KF", "EX"});
}
TEST_CASE("caught: stale beta", "[must_reject]") {
  check_caught(PlantedError::stale_beta, {"ID", "KF", "EX"});
}
TEST_CASE("caught: eta applied twice in the step of W", "[must_reject]") {
  check_caught(PlantedError::eta_twice, {"T1e", "T3", "ID", "KF", "EX"});
}
TEST_CASE("caught: last sample dropped", "[must_reject]") {
  check_caught(PlantedError::last_sample_dropped, {"T1", "T3", "ID", "KF", "EX"});
}

TEST_CASE("a planted step without its error is the true step", "[must_reject]") {
  // The mutants are written out once more: if that copy were wrong by itself, they would be caught
  // for the wrong reason. With k = 1 the wrong pairing changes nothing.
  const Instance instance =
      make_instance(make_data({}), {60, Activation::tanh, 0.2, {1, 10}, 30, 1});
  const Problem<double> problem = problem_from<double>(instance);
  KernelState<double> a = initial_kernel(problem, instance), b = a;
  const KernelStep<double> planted = step_with<double>(PlantedError::wrong_pairing);
  Forward<double> at;
  for (std::size_t t = 0; t < 30; ++t) {
    forward(problem, a, at);
    step(problem, at, t, a);
    forward(problem, b, at);
    planted(problem, at, t, b);
  }
  CHECK((a.A - b.A).norm() <= 1e-12 * a.A.norm());
  CHECK((a.beta - b.beta).norm() <= 1e-12 * a.beta.norm());
}

TEST_CASE("the report does not depend on the number of threads", "[must_reject]") {
  const test::TemporaryFolder scratch;  // one, since a report names its certificates' folders
  const auto rows = [&](std::size_t jobs) {
    Settings settings = small_settings(scratch);
    settings.jobs = jobs;
    settings.profile.certificates = {.n = 2, .d = 10, .p = 60, .cut = 60, .steps = 400};
    Progress silent;
    return to_json(verify(settings, {"T1", "T3", "ID", "EX", "TA"}, silent));
  };
  CHECK(rows(1) == rows(3));
}
