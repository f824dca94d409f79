// SPDX-License-Identifier: Apache-2.0
#include "certificates/leg_search.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <alignproof/dynamics/run.hpp>

#include "certificates/closing.hpp"

namespace alignproof::inline certificates {

namespace {

class LegFinder {
 public:
  LegFinder(const Instance& instance, const Search& search)
      : search_(search), problem_(problem_from<double>(instance, search.rule)) {
    const bool penalty = instance.penalty.lambda > 0;
    earliest_ = penalty ? std::max(search.first, instance.penalty.cut) : search.first;
    result_.obstacle =
        penalty && earliest_ > instance.steps
            ? "no checkpoint with lambda = 0 from then on: cut the penalty, or run on after the cut"
            : fmt::format(
                  "no checkpoint up to step {}: take a smaller first checkpoint or more steps",
                  instance.steps);
  }

  LegSearch find(const Instance& instance, KernelStep<double> advance) {
    KernelState<double> state = initial_kernel(problem_, instance);
    A0_ = state.A, beta0_ = state.beta;
    const Outcome outcome = run(problem_, state, instance.steps, advance,
                                [&](std::size_t t, const KernelState<double>& now,
                                    const Forward<double>& at) { return observe(t, now, at); });
    if (outcome.diverged_at && !result_.found)
      result_.obstacle = fmt::format("the run diverges at step {}; a smaller eta would help",
                                     *outcome.diverged_at);
    return std::move(result_);
  }

 private:
  bool observe(std::size_t t, const KernelState<double>& now, const Forward<double>& at) {
    history_.error.push_back(at.e.norm());
    history_.cosine.push_back(cosine(problem_.b, now.beta));
    history_.angles = history_.angles && !problem_.b.isZero(0) && !now.beta.isZero(0);
    history_.beta_displacement = std::max(history_.beta_displacement, (now.beta - beta0_).norm());
    history_.A_displacement = std::max(history_.A_displacement, (now.A - A0_).norm());
    if (search_.rows) observe_rows(now);
    if (t < earliest_ || (t - earliest_) % search_.stride != 0) return true;
    if (!plain()) return take(t, close_variant_at(t, problem_, now, at), now);
    for (const ClosingForm form : search_.forms)
      if (!take(t, close_at(t, problem_, now, at, search_.radius, form), now)) return false;
    return true;
  }

  /// Says whether to look on.
  bool take(std::size_t t, const Closing& closing, const KernelState<double>& now) {
    if (closing.leg) return keep(*closing.leg, now);
    if (!result_.found)
      result_.checkpoint = t, result_.M_min = closing.M_min, result_.obstacle = closing.obstacle;
    return true;
  }

  void observe_rows(const KernelState<double>& now) {
    const Vector<double> w = (now.Z * problem_.X).rowwise().norm();
    const Vector<double> beta = (now.beta - beta0_).rowwise().norm();
    history_.w_rows = history_.w_rows.size() == 0 ? w : history_.w_rows.cwiseMax(w);
    history_.beta_rows = history_.beta_rows.size() == 0 ? beta : history_.beta_rows.cwiseMax(beta);
  }

  bool plain() const { return is_feedback_alignment(search_.rule) && problem_.k() == 1; }

  /// Keeps the leg if it is the best so far; says whether to look on.
  bool keep(const Leg& leg, const KernelState<double>& now) {
    const SpectralWitness& w = leg.witness;
    if (!result_.found || width(leg) < width(result_.found->leg)) {
      result_.found = {leg, w.M_min, now, history_};
      result_.checkpoint = history_.error.size() - 1, result_.M_min = w.M_min;
      result_.obstacle.clear();
    }
    return leg.statement.alpha < search_.share * w.M_min || width(leg) > search_.width;
  }

  static double width(const Leg& leg) { return leg.statement.cos_max - leg.statement.cos_min; }

  const Search& search_;
  const Problem<double> problem_;
  std::size_t earliest_ = 0;
  Matrix<double> A0_, beta0_;
  History history_;
  LegSearch result_;
};

}  // namespace

LegSearch find_leg(const Instance& instance, const Search& search, KernelStep<double> advance) {
  return LegFinder(instance, search).find(instance, advance);
}

}  // namespace alignproof::inline certificates
