// SPDX-License-Identifier: Apache-2.0
#include "claims/t1e/remainder.hpp"

#include <alignproof/claims/summary.hpp>

namespace alignproof::inline claims {

void RemainderProbe::measure(const Transition<double>& step) {
  const Problem<double>& problem = run_.problem;
  const double v = second_order(problem, step).norm(), e = step.at.e.norm();
  if (v <= 100 * second_order_rounding(problem, step)) return;  // mostly rounding
  const double eta_e = problem.eta * e;
  if (record_.v0 == 0) record_.v0 = v;
  record_.sup_v = largest_so_far(record_.sup_v, v / (eta_e * eta_e));
  record_.sup_v_linear = largest_so_far(record_.sup_v_linear, v / eta_e);
}

void RemainderProbe::observe(const Moment& now) {
  if (now.t == 0) {
    start_numbers_ = checkpoint_numbers(run_.problem, now.at, now.state);
    // relu: Cv holds only where no sign changes.
    if (start_numbers_ && start_numbers_->R_max) start_numbers_.reset();
    return;
  }
  measure(*now.step);
  S_ += run_.problem.eta * now.step->at.e.norm();
}

RemainderProbe::Record RemainderProbe::finish(const Outcome&) {
  if (start_numbers_) record_.Cv = drift(*start_numbers_, S_).Cv;
  return record_;
}

}  // namespace alignproof::inline claims
