// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/probes/decay.hpp>

#include <cmath>

#include <alignproof/bounds/instantiations.hpp>
#include <alignproof/claims/summary.hpp>
#include <alignproof/statistics/fit.hpp>

namespace alignproof::inline claims {

void DecayProbe::judge(std::size_t t, const Transition<double>& step) {
  const Problem<double>& problem = run_.problem;
  const double e = step.at.e.norm(), e_next = step.next.e.norm();
  const double lambda = problem.penalty(t), eta = problem.eta;
  const double factor = 1 - eta * run_.gamma() / 4 - eta * lambda,
               offset = eta * lambda * problem.y.norm();
  const StepRounding<double> rounding =
      step_rounding(problem, step.before, step.at, step.after, step.next);
  if (lambda == 0) ++record_.free_steps;
  const Comparison answer = decays(e, e_next, rounding, factor, offset);
  if (answer == Comparison::below_rounding) {
    ++record_.below_rounding;
    return;
  }
  ++record_.judged;
  record_.sup_against_bound =
      largest_so_far(record_.sup_against_bound, e_next / (factor * e + offset));
  if (lambda == 0) {
    ++record_.judged_free;
    record_.sup_ratio = largest_so_far(record_.sup_ratio, e_next / e);
    judged_t_.push_back(static_cast<double>(t));
    judged_e_.push_back(e);
  }
  if (answer == Comparison::no && !record_.violation) record_.violation = t;
}

void DecayProbe::observe(const Moment& now) {
  if (now.step) judge(now.t - 1, *now.step);
  const double e = now.at.e.norm();
  if (now.t == 0) record_.E0 = e;
  record_.E_end = e;
  if (!record_.thousandth && e <= record_.E0 / 1000) record_.thousandth = now.t;
}

DecayProbe::Record DecayProbe::finish(const Outcome& outcome) {
  // It grew beyond all bounds, whether or not the steps at which it did could be judged.
  if (outcome.diverged_at) record_.sup_ratio = record_.sup_against_bound = INFINITY;
  if (judged_t_.size() >= 3)
    record_.fitted_rate = 1 - std::exp(fit_log_slope(judged_t_, judged_e_));
  return record_;
}

}  // namespace alignproof::inline claims
