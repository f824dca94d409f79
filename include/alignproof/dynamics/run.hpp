// SPDX-License-Identifier: Apache-2.0
// Runs of the dynamics. A run that diverges is a result: it says at which step.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>

#include <alignproof/dynamics/step.hpp>

namespace alignproof::inline dynamics {

/// |e| above this counts as divergence; in float, infinity comes first and counts too.
inline constexpr double divergence_threshold = 1e100;

struct Outcome {
  std::size_t steps = 0;  ///< steps done
  std::optional<std::size_t>
      diverged_at;  ///< first t at which |e(t)| is not finite or above the threshold
};

template <class Real>
bool diverged(const Forward<Real>& at) {
  return !(to_double(at.e.squaredNorm()) <= divergence_threshold * divergence_threshold);
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

/// Weight angle: cos angle(b, beta) = <b, beta>_F / (|b| |beta|). With one output, the alignment of
/// feedback with backpropagation. 0 if either vanishes.
template <class Real>
Real cosine(const Matrix<Real>& b, const Matrix<Real>& beta) {
  // Scaled first: the squares of a diverging run may leave the range of the type.
  const Real b_size = b.cwiseAbs().maxCoeff(), beta_size = beta.cwiseAbs().maxCoeff();
  if (!(b_size > Real(0)) || !(beta_size > Real(0))) return Real(0);
  const Matrix<Real> b_scaled = b / b_size, beta_scaled = beta / beta_size;
  return b_scaled.cwiseProduct(beta_scaled).sum() / Real(b_scaled.norm() * beta_scaled.norm());
}

/// Signal angle: the mean over samples of cos angle(beta e_i, b e_i), what backpropagation sends
/// back against what feedback alignment does. Samples of which either vanishes count as 0; with one
/// output it is the weight angle where no e_i is 0.
template <class Real>
Real signal_cosine(const Matrix<Real>& b, const Matrix<Real>& beta, const Matrix<Real>& e) {
  const Matrix<Real> sent = beta * e.transpose(), fed = b * e.transpose();  // p x n
  Real sum(0);
  for (Eigen::Index i = 0; i < e.rows(); ++i) sum += cosine<Real>(fed.col(i), sent.col(i));
  return sum / Real(static_cast<double>(e.rows()));
}

}  // namespace alignproof::inline dynamics
