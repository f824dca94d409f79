// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/run_record.hpp>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/bounds/instances.hpp>
#include <alignproof/bounds/penalty_budget.hpp>
#include <alignproof/statistics/fit.hpp>

#include "common.hpp"

namespace alignproof {

namespace {

/// Follows one run and fills the record.
class Recorder {
 public:
  Recorder(const Problem<double>& problem, const LimitKernel& limit, Detail detail)
      : problem_(problem), limit_(limit), gamma_(limit.gamma), detail_(detail) {}

  bool operator()(std::size_t t, const KernelState<double>& state, const Forward<double>& at) {
    if (t == 0) {
      start(state, at);
    } else {
      step_.before = std::move(step_.after);
      step_.at = std::move(step_.next);
      step_.after = state;
      step_.next = at;
      decay(t - 1);
      if (detail_ == Detail::all) second_order_term(), drift_of_M();
      S_ += problem_.eta * step_.at.e.norm();
    }
    displacement(state);
    alignment(t, state, at);
    if (t == 0) step_.after = state, step_.next = at;
    return true;
  }

  RunRecord finish(const Outcome& outcome) {
    record_.diverged_at = outcome.diverged_at;
    if (judged_t_.size() >= 3)
      record_.fitted_rate = 1 - std::exp(fit_log_slope(judged_t_, judged_e_));
    if (start_numbers_) record_.Cv = drift(*start_numbers_, S_).Cv;
    return std::move(record_);
  }

 private:
  void start(const KernelState<double>& state, const Forward<double>& at) {
    A0_ = state.A, beta0_ = state.beta;
    G0_ = gram_G(at);
    H0_ = gram_H(problem_, at, state.b, state.beta);
    record_.E0 = at.e.norm();
    record_.G0_min = extreme_eigenvalues(G0_).min;
    record_.G0_error = symmetric_norm(Matrix<double>(G0_ - limit_.Gbar));
    record_.H0_norm = symmetric_norm(H0_);
    start_numbers_ = checkpoint_numbers(problem_, at, state);
    // relu: Cv holds only where no sign changes.
    if (start_numbers_ && start_numbers_->R_max) start_numbers_.reset();
    if (problem_.penalty.lambda > 0) record_.penalty_budget = allowed_penalty(state, at);
  }

  std::optional<double> allowed_penalty(const KernelState<double>& state,
                                        const Forward<double>& at) const {
    const auto numbers = penalty_start(problem_, at, state);
    if (!numbers) return std::nullopt;
    const auto budget = alignproof::penalty_budget(*numbers, gamma_ / 4);
    return budget ? std::optional(budget->sum) : std::nullopt;
  }

  void decay(std::size_t t) {
    const double e = step_.at.e.norm(), e_next = step_.next.e.norm();
    const double lambda = problem_.penalty(t), eta = problem_.eta;
    const double factor = 1 - eta * gamma_ / 4 - eta * lambda,
                 offset = eta * lambda * problem_.y.norm();
    const StepRounding<double> rounding =
        step_rounding(problem_, step_.before, step_.at, step_.after, step_.next);
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

  void second_order_term() {
    const double v = second_order(problem_, step_).norm(), e = step_.at.e.norm();
    if (v <= 100 * second_order_rounding(problem_, step_)) return;  // mostly rounding
    const double eta_e = problem_.eta * e;
    if (record_.v0 == 0) record_.v0 = v;
    record_.sup_v = largest_so_far(record_.sup_v, v / (eta_e * eta_e));
    record_.sup_v_linear = largest_so_far(record_.sup_v_linear, v / eta_e);
  }

  void drift_of_M() {
    const Matrix<double> dG = gram_G(step_.next) - G0_;
    const Matrix<double> dH = gram_H(problem_, step_.next, step_.after.b, step_.after.beta) - H0_;
    record_.sup_dG = largest_so_far(record_.sup_dG, symmetric_norm(dG));
    record_.sup_dH = largest_so_far(record_.sup_dH, symmetric_norm(dH));
  }

  void displacement(const KernelState<double>& state) {
    const Matrix<double> moved = state.beta - beta0_;
    record_.D = largest_so_far(record_.D, moved.norm());
    record_.beta_displacement =
        largest_so_far(record_.beta_displacement, moved.rowwise().norm().maxCoeff());
    // |w_r(t) - w_r(0)|^2 = z_r K z_r^T, since W(t) = W(0) + Z X; and Z K = A(t) - A(0)
    const Vector<double> squares = (state.A - A0_).cwiseProduct(state.Z).rowwise().sum();
    record_.w_displacement =
        largest_so_far(record_.w_displacement, std::sqrt(largest_so_far(0, squares.maxCoeff())));
  }

  void alignment(std::size_t t, const KernelState<double>& state, const Forward<double>& at) {
    const double cos = cosine(problem_.b, state.beta), e = at.e.norm();
    if (detail_ == Detail::all) record_.error.push_back(e), record_.cos.push_back(cos);
    record_.E_end = e;
    record_.cos_end = cos;
    record_.sup_cos = largest_so_far(record_.sup_cos, std::abs(cos));
    if (!record_.thousandth && e <= record_.E0 / 1000) record_.thousandth = t;
    if (problem_.penalty(t) != 0) return;
    if (!cut_seen_) record_.cos_at_cut = cos;
    cut_seen_ = true;
    record_.min_cos_after = smallest_so_far(record_.min_cos_after, cos);
  }

  const Problem<double>& problem_;
  const LimitKernel& limit_;
  double gamma_;
  Detail detail_;
  RunRecord record_;
  Transition<double> step_;
  Matrix<double> A0_, beta0_;
  Matrix<double> G0_, H0_;
  std::optional<CheckpointNumbers<double>> start_numbers_;
  std::vector<double> judged_t_, judged_e_;
  double S_ = 0;  ///< eta sum |e|
  bool cut_seen_ = false;
};

}  // namespace

RunRecord measure_run(const Instance& instance, Rule rule, const LimitKernel& limit, Detail detail,
                      KernelStep<double> advance) {
  const Problem<double> problem = problem_from<double>(instance, rule);
  if (problem.k() != 1)
    throw InputError("k", fmt::format("{}", problem.k()), "1: H is symmetric for one output only");
  KernelState<double> state = initial_kernel(problem, instance);
  Recorder recorder(problem, limit, detail);
  const std::size_t steps = detail == Detail::start ? 0 : instance.steps;
  const Outcome outcome = run(problem, state, steps, advance, std::ref(recorder));
  return recorder.finish(outcome);
}

}  // namespace alignproof
