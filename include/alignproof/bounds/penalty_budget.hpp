// SPDX-License-Identifier: Apache-2.0
// T1' from numbers measured at t = 0: how large eta sum_t lambda(t) may be so that a penalty leaves
// the decay at the rate wanted. Statement and proof: reports/docs/penalty_budget.md. Rounded, never
// enclosed.
#pragma once

#include <algorithm>
#include <optional>

#include <alignproof/bounds/theorem_a.hpp>

namespace alignproof::inline bounds {

/// The numbers of the state at t = 0 and of the penalty.
template <class Real>
struct PenaltyStart {
  CheckpointNumbers<Real> c;
  Real least;       ///< min(lambda_min(G), lambda_min(M)): of G + x H for every x in [0, 1]
  Real most;        ///< max(lambda_max(G), lambda_max(M))
  Real y_norm;      ///< |y|
  Real lambda_max;  ///< lambda(t) never exceeds it
};

/// Nothing where `checkpoint_numbers` gives nothing, and for relu, whose signs could change.
template <class Real>
std::optional<PenaltyStart<Real>> penalty_start(const Problem<Real>& problem,
                                                const Forward<Real>& at,
                                                const KernelState<Real>& state) {
  const std::optional<CheckpointNumbers<Real>> c = checkpoint_numbers(problem, at, state);
  if (!is_feedback_alignment(problem.rule) || !c || c->R_max) return std::nullopt;
  const Extremes<Real> G = extreme_eigenvalues(gram_G(at));
  return PenaltyStart<Real>{*c, std::min(G.min, c->M_min), std::max(G.max, c->M_max),
                            problem.y.norm(), Real(problem.penalty.lambda)};
}

/// mu(S): while eta sum |e| <= S, a step shrinks |e| by eta (mu + lambda) and adds eta lambda |y|.
template <class Real>
Real rate_left(const PenaltyStart<Real>& start, const Real& S) {
  const Drift<Real> s = drift(start.c, S);
  return start.least - s.dG - s.dH - start.c.eta * s.Cv * std::max(start.c.E, start.y_norm);
}

/// eta (most + least + 2 lambda_max) <= 2.
template <class Real>
bool step_size_allows(const PenaltyStart<Real>& start) {
  return start.c.eta * (start.most + start.least + Real(2) * start.lambda_max) <= Real(2);
}

template <class Real>
struct PenaltyBudget {
  Real S;    ///< eta sum |e| stays at or below it, and mu(S) >= rate
  Real sum;  ///< what eta sum lambda may be; negative: |e(0)| alone is too large
};

/// Nothing if mu(0) < rate or the step is too large. Any S with mu(S) >= rate would do: this one is
/// the largest, short of rounding. The integral of mu is replaced by a lower sum of 200 cells.
template <class Real>
std::optional<PenaltyBudget<Real>> penalty_budget(const PenaltyStart<Real>& start,
                                                  const Real& rate) {
  if (!step_size_allows(start) || !(rate_left(start, Real(0)) >= rate)) return std::nullopt;
  Real below(0), above(1);
  // A network without hidden weights to move (K = 0) has mu constant: any S would do.
  while (rate_left(start, above) >= rate && above < Real(1e12)) below = above, above *= Real(2);
  for (int k = 0; k < 60; ++k) {
    const Real middle = (below + above) / Real(2);
    (rate_left(start, middle) >= rate ? below : above) = middle;
  }
  constexpr int cells = 200;
  Real sum(0);
  for (int j = 1; j <= cells; ++j) sum += rate_left(start, Real(below * Real(j) / Real(cells)));
  const Real spent_by_the_start = start.c.E;
  return PenaltyBudget<Real>{below,
                             Real((sum * below / Real(cells) - spent_by_the_start) / start.y_norm)};
}

}  // namespace alignproof::inline bounds
