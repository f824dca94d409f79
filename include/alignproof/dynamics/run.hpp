// SPDX-License-Identifier: Apache-2.0
// Runs of the dynamics. A run that diverges is a result: it says at which step.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include <alignproof/dynamics/step.hpp>

namespace alignproof {

/// |e| above this counts as divergence; in float, infinity comes first and counts too.
inline constexpr double divergence_threshold = 1e100;

struct Outcome {
  std::size_t steps = 0;  ///< steps done
  std::optional<std::size_t>
      diverged_at;  ///< first t at which |e(t)| is not finite or above the threshold
};

template <class Real>
bool diverged(const Forward<Real>& at) {
  return !(to_double(at.e.norm()) <= divergence_threshold);
}

/// Calls observe(t, state, forward) at t = 0, ..., steps; stops early at divergence, or after the
/// observer returns false. `advance(problem, forward, t, state)` makes the step.
template <class Real, class State, class Advance, class Observe>
Outcome run(const Problem<Real>& problem, State& state, std::size_t steps, const Advance& advance,
            const Observe& observe) {
  Forward<Real> at;
  for (std::size_t t = 0;; ++t) {
    forward(problem, state, at);
    if (diverged(at)) return {t, t};
    if (!observe(t, std::as_const(state), std::as_const(at)) || t == steps)
      return {t, std::nullopt};
    advance(problem, at, t, state);
  }
}

/// cos angle(b, beta): with one output, the alignment of feedback with backpropagation. 0 if either
/// vanishes.
template <class Real>
Real cosine(const Vector<Real>& b, const Vector<Real>& beta) {
  const Real norms = b.norm() * beta.norm();
  return norms > Real(0) ? Real(b.dot(beta) / norms) : Real(0);
}

}  // namespace alignproof
