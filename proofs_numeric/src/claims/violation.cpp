// SPDX-License-Identifier: Apache-2.0
// A violation seen in doubles is a candidate; it becomes a witness at more digits.
#include <alignproof/claims/run_record.hpp>

namespace alignproof {

bool violation_confirmed(const Instance& instance, Rule rule, double gamma, std::size_t t,
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

}  // namespace alignproof
