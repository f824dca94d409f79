// SPDX-License-Identifier: Apache-2.0
#include "certificates/leg_search.hpp"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include <alignproof/bounds/mpfr.hpp>
#include <alignproof/dynamics/run.hpp>

#include "certificates/closing.hpp"

namespace alignproof::inline certificates {

namespace {

template <class Real>
Matrix<double> in_doubles(const Matrix<Real>& matrix) {
  return matrix.unaryExpr([](const Real& x) { return to_double(x); });
}

template <class Real>
KernelState<double> in_doubles(const KernelState<Real>& state) {
  return {in_doubles(state.A), in_doubles(state.beta), in_doubles(state.Z), in_doubles(state.b)};
}

template <class Real>
Forward<double> in_doubles(const Forward<Real>& at) {
  return {in_doubles(at.Psi), in_doubles(at.D), in_doubles(at.e)};
}

/// The numbers of the theorem to nearly all digits of a double, from a run with more.
CheckpointNumbers<double> in_doubles(const CheckpointNumbers<Mpfr>& c) {
  CheckpointNumbers<double> rounded{};
  rounded.E = to_double(c.E);
  rounded.M_min = to_double(c.M_min), rounded.M_max = to_double(c.M_max);
  rounded.G_max = to_double(c.G_max), rounded.K_norm = to_double(c.K_norm);
  rounded.k_max = to_double(c.k_max), rounded.kk_norm = to_double(c.kk_norm);
  rounded.B2 = to_double(c.B2), rounded.B4 = to_double(c.B4), rounded.Q = to_double(c.Q);
  rounded.L1 = to_double(c.L1), rounded.L2 = to_double(c.L2);
  if (c.R_max) rounded.R_max = to_double(*c.R_max);
  rounded.eta = to_double(c.eta), rounded.sqrt_p = to_double(c.sqrt_p);
  rounded.b_norm = to_double(c.b_norm), rounded.beta_norm = to_double(c.beta_norm);
  rounded.b_dot_beta = to_double(c.b_dot_beta);
  return rounded;
}

/// The search along a run in doubles, or one with more digits of which doubles are kept.
template <class Real>
class LegFinder {
  static constexpr bool doubles = std::is_same_v<Real, double>;

 public:
  LegFinder(const Instance& instance, const Search& search, Progress& progress)
      : search_(search),
        progress_(progress),
        exact_(problem_from<Real>(instance, search.rule)),
        problem_(problem_from<double>(instance, search.rule)) {
    const bool penalty = instance.penalty.lambda > 0;
    earliest_ = penalty ? std::max(search.first, instance.penalty.cut) : search.first;
    if (!doubles) history_.rounding = std::pow(10.0, 4 - static_cast<double>(search.digits));
    result_.obstacle =
        penalty && earliest_ > instance.steps
            ? "no checkpoint with lambda = 0 from then on: cut the penalty, or run on after the cut"
            : fmt::format(
                  "no checkpoint up to step {}: take a smaller first checkpoint or more steps",
                  instance.steps);
  }

  LegSearch find(const Instance& instance, const KernelStep<Real>& advance) {
    KernelState<Real> state = initial_kernel(exact_, instance);
    A0_ = in_doubles(state.A), beta0_ = in_doubles(state.beta);
    const Outcome outcome =
        run(exact_, state, instance.steps, advance,
            [&](std::size_t t, const KernelState<Real>& now, const Forward<Real>& at) {
              if constexpr (doubles)
                return observe(t, now, at, now, at);
              else
                return observe(t, in_doubles(now), in_doubles(at), now, at);
            });
    if (outcome.diverged_at && !result_.found)
      result_.obstacle = fmt::format("the run diverges at step {}; a smaller eta would help",
                                     *outcome.diverged_at);
    return std::move(result_);
  }

 private:
  /// `now` and `at` are `exact` and `exact_at` in doubles.
  bool observe(std::size_t t, const KernelState<double>& now, const Forward<double>& at,
               const KernelState<Real>& exact, const Forward<Real>& exact_at) {
    progress_.advance();
    follow_neighbourhood(t, now, at);
    if (!std::isfinite(radii_.e)) {
      if (!result_.found)
        result_.checkpoint = t,
        result_.obstacle = fmt::format(
            "nothing is known of the neighbourhood at step {}; a smaller radius would help", t);
      return false;
    }
    history_.error.push_back(to_double(Real(exact_at.e.norm())));
    history_.error_distance.push_back(radii_.e);
    watch_angle(now);
    history_.beta_displacement = std::max(history_.beta_displacement,
                                          (now.beta - beta0_).norm() + radii_.beta + start_.beta);
    history_.A_displacement =
        std::max(history_.A_displacement, (now.A - A0_).norm() + radii_.A + start_.A);
    if (search_.rows) observe_rows(now);
    if (t < earliest_ || (t - earliest_) % search_.stride != 0) return true;
    if (!plain()) return take(t, close_variant_at(t, problem_, now, at), now);
    for (const ClosingForm form : search_.forms)
      if (!take(t, close_plain(t, now, at, exact, exact_at, form), now)) return false;
    return true;
  }

  /// Says whether to look on.
  bool take(std::size_t t, const Closing& closing, const KernelState<double>& now) {
    if (closing.leg) return keep(*closing.leg, now);
    if (!result_.found) {
      result_.checkpoint = t, result_.M_min = closing.M_min, result_.obstacle = closing.obstacle;
      result_.rounding = result_.rounding || closing.rounding;
    }
    return true;
  }

  void observe_rows(const KernelState<double>& now) {
    const Vector<double> w = (now.Z * problem_.X).rowwise().norm();
    const Vector<double> beta = (now.beta - beta0_).rowwise().norm();
    history_.w_rows = history_.w_rows.size() == 0 ? w : history_.w_rows.cwiseMax(w);
    history_.beta_rows = history_.beta_rows.size() == 0 ? beta : history_.beta_rows.cwiseMax(beta);
  }

  bool plain() const { return is_feedback_alignment(search_.rule) && problem_.k() == 1; }

  Closing close_plain(std::size_t t, const KernelState<double>& now, const Forward<double>& at,
                      const KernelState<Real>& exact, const Forward<Real>& exact_at,
                      ClosingForm form) const {
    if constexpr (doubles) {
      return close_at(t, problem_, now, at, radii_, form);
    } else if (is_initial(search_.kind)) {
      return close_at(t, problem_, now, at, radii_, form,
                      in_doubles(*checkpoint_numbers(exact_, exact_at, exact)));
    } else {
      // A certificate from a checkpoint is about the doubles that it stores.
      KernelState<Real> stored = exact;
      stored.A = now.A.template cast<Real>(), stored.beta = now.beta.template cast<Real>();
      Forward<Real> stored_at;
      forward(exact_, stored, stored_at);
      return close_at(t, problem_, now, at, radii_, form,
                      in_doubles(*checkpoint_numbers(exact_, stored_at, stored)));
    }
  }

  /// Where the runs of the neighbourhood are by now: from a checkpoint it is one of the state
  /// there.
  void follow_neighbourhood(std::size_t t, const KernelState<double>& now,
                            const Forward<double>& at) {
    if (search_.radius == 0) return;
    if (!is_initial(search_.kind)) {
      radii_ = distances_around(problem_, now, at, search_.radius);
      return;
    }
    followed_ = t == 0 ? distances_at_start(problem_, now, at, search_.radius)
                       : distances_after_step(problem_, before_, before_at_, now, at,
                                              problem_.penalty(t - 1), followed_);
    // The checker rounds the bounds of each step up a little: so much is given way at each.
    constexpr double outward = 1 + 1e-5;
    followed_ = {outward * followed_.e, outward * followed_.beta, outward * followed_.A};
    radii_ = followed_;
    if (t == 0) start_ = radii_;
    before_ = now, before_at_ = at;
  }

  /// cos(b, beta(t)), or both ends of the bracket of the neighbourhood.
  void watch_angle(const KernelState<double>& now) {
    const double size = now.beta.norm();
    history_.angles = history_.angles && !problem_.b.isZero(0) && size > radii_.beta;
    if (radii_.beta == 0) {
      history_.cosine.push_back(cosine(problem_.b, now.beta));
      return;
    }
    CheckpointNumbers<double> angle{};
    angle.b_norm = problem_.b.norm(), angle.beta_norm = size;
    angle.b_dot_beta = problem_.b.cwiseProduct(now.beta).sum();
    const CosineBracket<double> bracket = cosine_bracket(angle, radii_.beta);
    history_.cosine.insert(history_.cosine.end(), {bracket.min, bracket.max});
  }

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
  Progress& progress_;
  const Problem<Real> exact_;
  const Problem<double> problem_;
  std::size_t earliest_ = 0;
  Matrix<double> A0_, beta0_;
  Distances start_, followed_, radii_;
  KernelState<double> before_;
  Forward<double> before_at_;
  History history_;
  LegSearch result_;
};

}  // namespace

LegSearch find_leg(const Instance& instance, const Search& search, KernelStep<double> advance,
                   Progress& progress) {
  if (search.digits == 0)
    return LegFinder<double>(instance, search, progress).find(instance, advance);
  const ScopedDigits digits(search.digits);
  return LegFinder<Mpfr>(instance, search, progress).find(instance, true_step<Mpfr>());
}

}  // namespace alignproof::inline certificates
