// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/violation.hpp>

#include <fmt/format.h>

namespace alignproof::inline claims {

bool violation_confirmed(const Instance& instance, LearningRule rule, double gamma, std::size_t t,
                         unsigned digits, KernelStep<Mpfr> advance) {
  const ScopedDigits guard(digits);
  const Problem<Mpfr> problem = problem_from<Mpfr>(instance, rule);
  KernelState<Mpfr> state = initial_kernel(problem, instance);
  Mpfr before, after;
  run(problem, state, t + 1, advance,
      [&](std::size_t s, const KernelState<Mpfr>&, const Forward<Mpfr>& at) {
        if (s == t) before = at.e.norm();
        if (s == t + 1) after = at.e.norm();
        return true;
      });
  const Mpfr lambda = problem.penalty(t);
  const Mpfr factor = 1 - problem.eta * Mpfr(gamma) / 4 - problem.eta * lambda;
  return after > factor * before + problem.eta * lambda * problem.y.norm();
}

void confirm_violation(const Settings& settings, const RunSet& runs, std::uint64_t seed,
                       std::size_t t, ClaimRow& row) {
  const Batch& batch = runs.batch;
  NetworkSpec spec = batch.network;
  spec.seed = seed;
  const bool confirmed = violation_confirmed(make_instance(batch.data, spec), batch.rule,
                                             runs.gamma(), t, 50, settings.dynamics.in_mpfr);
  row.measurements.push_back({"first violation, step", static_cast<double>(t), std::nullopt,
                              fmt::format("seed {}, {} at 50 digits without tolerance", seed,
                                          confirmed ? "confirmed" : "NOT confirmed")});
  if (!confirmed && row.verdict.kind() == VerdictKind::refuted)
    row.verdict = Verdict::undecided("not confirmed at 50 digits: " + row.verdict.detail());
}

}  // namespace alignproof::inline claims
