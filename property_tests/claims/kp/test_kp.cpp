// SPDX-License-Identifier: Apache-2.0
// KP: what the row says of the true rule, of rules that are almost Kolen and Pollack's, and of what
// must be refused.
#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/course.hpp>

#include <algorithm>
#include <string>
#include <vector>

#include <alignproof/claims/planted_errors.hpp>

#include "format/temporary_folder.hpp"
#include "property.hpp"

using namespace alignproof;

namespace {

Report report_of(const Dynamics& dynamics, Refuse refuse = {}) {
  Settings settings;
  settings.profile = self_test_profile();
  settings.dynamics = dynamics;
  Progress silent;
  const Claim kp = claim_named("KP");
  return verify(settings, std::span(&kp, 1), silent, refuse);
}

Verdict verdict_of(const Dynamics& dynamics) {
  return report_of(dynamics).rows.front().verdict;
}

/// The true step, after which `spoil(problem, before, state)` is done.
template <class Real, class Spoil>
KernelStep<Real> spoilt(const Spoil& spoil) {
  return [spoil](const Problem<Real>& problem, const Forward<Real>& at, std::size_t t,
                 KernelState<Real>& state) {
    const KernelState<Real> before = state;
    step(problem, at, t, state);
    spoil(problem, before, state);
  };
}

template <class Real>
KernelStep<Real> b_stays() {
  return spoilt<Real>([](const Problem<Real>&, const KernelState<Real>& before,
                         KernelState<Real>& state) { state.b = before.b; });
}

}  // namespace

TEST_CASE("KP: exact of the true rule, and both of its false claims are refused", "[claims]") {
  const Report report = report_of(Dynamics(), {.false_claims = true});
  const ClaimRow& row = report.rows.front();
  INFO(row.verdict.text());
  CHECK(row.verdict.kind() == VerdictKind::exact);
  CHECK(row.results.size() == 8);
  for (const InstanceResult& result : row.results) {
    CHECK(result.verdict.kind() == VerdictKind::exact);
    CHECK_THAT(result.replay, Catch::Contains("--rule kolen-pollack --number exact"));
  }
  CHECK(row.measured.value() <= 1);
  CHECK(row.measured.value() > 0.5);  // the bound is no idle one
  CHECK(row.measurements[0].interval->second < 1e-4);
  CHECK(row.measurements[1].interval->first > 0.5);
  CHECK(row.tests.empty());
  for (const char* name : {"aligns without a penalty: $", "even if $b$ does not decay"}) {
    const auto found = std::find_if(
        report.rejections.begin(), report.rejections.end(),
        [&](const Rejection& rejection) { return rejection.name.find(name) != std::string::npos; });
    INFO(name);
    REQUIRE(found != report.rejections.end());
    INFO(found->detail);
    CHECK(found->caught_by == std::vector<std::string>{"KP"});
  }
}

TEST_CASE("KP: a difference refutes, without rounding and in the angle", "[claims]") {
  const Dynamics right;
  Dynamics dynamics = right;
  dynamics.exact = b_stays<Exact>();
  CHECK(verdict_of(dynamics).kind() == VerdictKind::refuted);
  CHECK_THAT(verdict_of(dynamics).detail(), Catch::Contains("b - beta differs at step 1"));
  CHECK_THAT(verdict_of(dynamics).detail(), Catch::Contains("--rule kolen-pollack"));

  // Only the longer runs see this one: b stays where it is, and the angle with it.
  dynamics = right;
  dynamics.in_mpfr = b_stays<Mpfr>();
  CHECK(verdict_of(dynamics).kind() == VerdictKind::refuted);
  CHECK_THAT(verdict_of(dynamics).detail(), Catch::Contains("times its bound"));

  // What diverges shows nothing.
  dynamics = right;
  dynamics.in_mpfr =
      spoilt<Mpfr>([](const Problem<Mpfr>&, const KernelState<Mpfr>&, KernelState<Mpfr>& state) {
        state.beta *= Mpfr("1e200");
        state.b = state.beta;
      });
  CHECK(verdict_of(dynamics).kind() == VerdictKind::undecided);
}

TEST_CASE("KP sees a penalty that beta does not pay, and no error of the hidden weights",
          "[claims]") {
  const auto caught = [](PlantedError error) {
    return verdict_of(dynamics_with(error)).kind() == VerdictKind::refuted;
  };
  CHECK(caught(PlantedError::penalty_on_W));
  for (const PlantedError error : {PlantedError::wrong_sign, PlantedError::backpropagation,
                                   PlantedError::psi_for_derivative, PlantedError::stale_beta}) {
    INFO(to_string(error));
    CHECK(verdict_of(dynamics_with(error)).kind() == VerdictKind::exact);
  }
}

TEST_CASE("a planted step without its error moves b as the true step does", "[claims]") {
  // As in must_reject: with k = 1 the wrong pairing changes nothing.
  const Instance instance =
      make_instance(make_data({}), {60, Activation::tanh, 0.2, {1, 10}, 30, 1});
  const Problem<double> problem =
      problem_from<double>(instance, learning_rule_from("kolen-pollack"));
  KernelState<double> a = initial_kernel(problem, instance), b = a;
  const KernelStep<double> planted = step_with<double>(PlantedError::wrong_pairing);
  Forward<double> at;
  for (std::size_t t = 0; t < 30; ++t) {
    forward(problem, a, at);
    step(problem, at, t, a);
    forward(problem, b, at);
    planted(problem, at, t, b);
  }
  CHECK((a.b - problem.b).norm() > 0.1);
  CHECK((a.b - b.b).norm() <= 1e-12 * a.b.norm());
  CHECK((a.A - b.A).norm() <= 1e-12 * a.A.norm());
}

TEST_CASE("probes of the cosine look at b as it is now", "[claims]") {
  const Instance instance =
      make_instance(make_data({}), {60, Activation::tanh, 0.2, {1, Penalty::never}, 60, 1});
  const LearningRule rule = learning_rule_from("kolen-pollack");
  const LimitKernel limit = limit_kernel(instance.activation, instance.X);
  const auto seen = look_at<AlignmentProbe, CourseProbe>(instance, rule, limit);
  const Problem<double> problem = problem_from<double>(instance, rule);
  KernelState<double> state = initial_kernel(problem, instance);
  std::vector<double> cosines;
  run(problem, state, instance.steps, true_step<double>(),
      [&](std::size_t, const KernelState<double>& now, const Forward<double>&) {
        cosines.push_back(cosine(now.b, now.beta));
        return true;
      });
  CHECK(seen.cos_end == cosines.back());
  CHECK(seen.cos == cosines);
  CHECK(seen.cos_end > 0.99);
  CHECK(std::abs(cosine(problem.b, state.beta)) < 0.9);  // b is where it was no more
}
