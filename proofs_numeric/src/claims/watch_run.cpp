// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <alignproof/claims/probe.hpp>
#include <alignproof/dynamics/mpfr.hpp>

namespace alignproof::inline claims {

Outcome watch_run(const Instance& instance, LearningRule rule, const LimitKernel& limit,
                  std::size_t steps, KernelStep<double> advance, const MakeWatchers& make) {
  const Problem<double> problem = problem_from<double>(instance, rule);
  if (problem.k() != 1)
    throw InputError("k", fmt::format("{}", problem.k()), "1: H is symmetric for one output only");
  KernelState<double> state = initial_kernel(problem, instance);
  const auto watchers = make({problem, limit});
  Transition<double> step;
  const Outcome outcome =
      run(problem, state, steps, advance,
          [&](std::size_t t, const KernelState<double>& now, const Forward<double>& at) {
            step.before = std::move(step.after);
            step.at = std::move(step.next);
            step.after = now;
            step.next = at;
            for (const auto& watcher : watchers)
              watcher->observe({t, now, at, t == 0 ? nullptr : &step});
            return true;
          });
  for (const auto& watcher : watchers) watcher->finish(outcome);
  return outcome;
}

}  // namespace alignproof::inline claims
