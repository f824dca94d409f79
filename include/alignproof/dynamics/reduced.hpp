// SPDX-License-Identifier: Apache-2.0
// Feedback alignment of a linear network (psi = identity) without its weights. With s = eta sum e
// and z = K s they stay in the span of where they began:
//
//   A = A0 - b z^T / sqrt p,      beta = beta0 c - A0 u / sqrt p + b w
//   c <- (1 - eta lambda) c,      u <- (1 - eta lambda) u + eta e,      s <- s + eta e
//   w <- (1 - eta lambda) w + (eta/p) z^T e
//   e = c f0 - S u + h w - z (b^T beta) / p - y,      b^T beta = c b^T beta0 - h^T u + b^T b w
//
// S = A0^T A0 / p, f0 = A0^T beta0 / sqrt p, h = A0^T b / sqrt p: a step costs O(n^2), whatever p
// and d are. Derivation: reports/docs/reduced.md.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <optional>
#include <utility>

#include <alignproof/core/error.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/format/instance.hpp>
#include <alignproof/linalg/matrix.hpp>
#include <alignproof/network/activation_properties.hpp>
#include <alignproof/network/linear_network.hpp>

namespace alignproof::inline dynamics {

/// The fixed quantities of a run, all that is left of weights and inputs.
template <class Real>
struct ReducedProblem {
  Matrix<Real> K;     ///< n x n, X X^T
  Matrix<Real> S;     ///< n x n, A0^T A0 / p
  Matrix<Real> f0;    ///< n x k, A0^T beta0 / sqrt p: the output at t = 0
  Matrix<Real> h;     ///< n x k, A0^T b / sqrt p
  Matrix<Real> y;     ///< n x k
  Matrix<Real> bb;    ///< k x k, b^T b
  Matrix<Real> bb0;   ///< k x k, b^T beta0
  Matrix<Real> b0b0;  ///< k x k, beta0^T beta0
  Real eta, p;
  std::function<double(std::size_t)> penalty;  ///< lambda(t)

  Eigen::Index n() const { return y.rows(); }
  Eigen::Index k() const { return y.cols(); }
};

/// Throws InputError unless the activation is the identity, and as `require_valid` does.
template <class Real>
ReducedProblem<Real> reduced_problem(const LinearNetwork& network) {
  using std::sqrt;
  const Instance& instance = network.weights;
  require_valid(instance);
  if (!properties(instance.activation).linear)
    throw InputError("activation", std::string(to_string(instance.activation)),
                     "identity: only linear networks have a reduced form");
  const Real p(static_cast<double>(network.p)), root = sqrt(p);
  const Matrix<Real> X = matrix_from<Real>(instance.X), b = matrix_from<Real>(instance.b);
  const Matrix<Real> beta0 = matrix_from<Real>(instance.beta0);
  const Matrix<Real> A0 = matrix_from<Real>(instance.W0) * X.transpose();
  ReducedProblem<Real> problem;
  problem.K = X * X.transpose();
  problem.S = A0.transpose() * A0;
  problem.S = problem.S / p;
  problem.f0 = A0.transpose() * beta0;
  problem.f0 = problem.f0 / root;
  problem.h = A0.transpose() * b;
  problem.h = problem.h / root;
  problem.y = matrix_from<Real>(instance.y);
  problem.bb = b.transpose() * b;
  problem.bb0 = b.transpose() * beta0;
  problem.b0b0 = beta0.transpose() * beta0;
  problem.eta = Real(instance.eta);
  problem.p = p;
  problem.penalty = instance.penalty;
  return problem;
}

template <class Real>
struct ReducedState {
  Real c = Real(1);
  Matrix<Real> u;  ///< n x k
  Matrix<Real> s;  ///< n x k
  Matrix<Real> w;  ///< k x k
};

template <class Real>
ReducedState<Real> initial_reduced(const ReducedProblem<Real>& problem) {
  const Matrix<Real> zero = Matrix<Real>::Zero(problem.n(), problem.k());
  return {Real(1), zero, zero, Matrix<Real>::Zero(problem.k(), problem.k())};
}

/// What the network computes at a state.
template <class Real>
struct ReducedForward {
  Matrix<Real> z;       ///< n x k, K s
  Matrix<Real> b_beta;  ///< k x k, b^T beta
  Matrix<Real> e;       ///< n x k, error f - y
};

template <class Real>
void forward(const ReducedProblem<Real>& problem, const ReducedState<Real>& state,
             ReducedForward<Real>& at) {
  if (problem.k() == 1) {  // the same with vectors: half the time for small n
    at.z.resize(problem.n(), 1), at.b_beta.resize(1, 1);
    at.z.col(0).noalias() = problem.K * state.s.col(0);
    const Real w = state.w(0, 0);
    const Real b_beta = state.c * problem.bb0(0, 0) -
                        problem.h.col(0).cwiseProduct(state.u.col(0)).sum() + problem.bb(0, 0) * w;
    const Real per_unit = b_beta / problem.p;
    at.b_beta(0, 0) = b_beta;
    at.e = problem.f0 * state.c - problem.y + problem.h * w - at.z * per_unit;
    at.e.col(0).noalias() -= problem.S * state.u.col(0);
    return;
  }
  at.z.noalias() = problem.K * state.s;
  at.b_beta = problem.bb0 * state.c;
  at.b_beta.noalias() -= problem.h.transpose() * state.u;
  at.b_beta.noalias() += problem.bb * state.w;
  const Matrix<Real> per_unit = at.b_beta / problem.p;
  at.e = problem.f0 * state.c - problem.y;
  at.e.noalias() += problem.h * state.w;
  at.e.noalias() -= at.z * per_unit;
  at.e.noalias() -= problem.S * state.u;
}

/// The step from time t to t + 1, given the forward values at t.
template <class Real>
void step(const ReducedProblem<Real>& problem, const ReducedForward<Real>& at, std::size_t t,
          ReducedState<Real>& state) {
  const Real kept = Real(1) - problem.eta * Real(problem.penalty(t));
  state.c = kept * state.c;
  state.u = state.u * kept + at.e * problem.eta;
  state.s += at.e * problem.eta;
  const Real scale = problem.eta / problem.p;
  if (problem.k() == 1) {
    const Real ze = at.z.col(0).cwiseProduct(at.e.col(0)).sum();
    state.w(0, 0) = kept * state.w(0, 0) + scale * ze;
    return;
  }
  const Matrix<Real> ze = at.z.transpose() * at.e;
  state.w = state.w * kept + ze * scale;
}

/// The Gram matrix, k x k, of c beta0 - A0 u / sqrt p + b w without weights: that of beta where c
/// is the state's, that of its displacement beta - beta0 where it is one less.
template <class Real>
Matrix<Real> beta_gram(const ReducedProblem<Real>& problem, const ReducedState<Real>& state,
                       const Real& c) {
  const Matrix<Real> own = problem.b0b0 * Real(c * c) +
                           Matrix<Real>(state.u.transpose() * problem.S * state.u) +
                           Matrix<Real>(state.w.transpose() * problem.bb * state.w);
  const Matrix<Real> b0_u = problem.f0.transpose() * state.u;
  const Matrix<Real> b0_w = problem.bb0.transpose() * state.w;
  const Matrix<Real> u_hw = state.u.transpose() * problem.h * state.w;
  const Matrix<Real> half = (b0_w - b0_u) * c - u_hw;
  return own + half + Matrix<Real>(half.transpose());
}

/// |beta|_F^2 and |beta - beta0|_F^2.
template <class Real>
Real beta_square(const ReducedProblem<Real>& problem, const ReducedState<Real>& state) {
  return beta_gram(problem, state, state.c).trace();
}
template <class Real>
Real displacement_square(const ReducedProblem<Real>& problem, const ReducedState<Real>& state) {
  return beta_gram(problem, state, Real(state.c - Real(1))).trace();
}

/// The square root of x, 0 below it: where rounding has made a square negative.
template <class Real>
Real root_of_square(const Real& x) {
  using std::sqrt;
  return x > Real(0) ? Real(sqrt(x)) : Real(0);
}

/// cos angle(b, beta) = <b, beta>_F / (|b| |beta|); 0 if either vanishes.
template <class Real>
Real cosine(const ReducedProblem<Real>& problem, const ReducedState<Real>& state,
            const ReducedForward<Real>& at) {
  const Real norms =
      root_of_square(problem.bb.trace()) * root_of_square(beta_square(problem, state));
  return norms > Real(0) ? Real(at.b_beta.trace() / norms) : Real(0);
}

/// The mean over samples of cos angle(beta e_i, b e_i), as `signal_cosine` of the weights.
template <class Real>
Real signal_cosine(const ReducedProblem<Real>& problem, const ReducedState<Real>& state,
                   const ReducedForward<Real>& at) {
  const Matrix<Real> beta_beta = beta_gram(problem, state, state.c);
  Real sum(0);
  for (Eigen::Index i = 0; i < at.e.rows(); ++i) {
    const Matrix<Real> e = at.e.row(i).transpose();
    const auto form = [&e](const Matrix<Real>& M) { return Real((e.transpose() * M * e).trace()); };
    const Real norms = root_of_square(form(beta_beta)) * root_of_square(form(problem.bb));
    if (norms > Real(0)) sum += form(at.b_beta) / norms;
  }
  return sum / Real(static_cast<double>(at.e.rows()));
}

template <class Real>
bool diverged(const ReducedForward<Real>& at) {
  return !(to_double(at.e.squaredNorm()) <= divergence_threshold * divergence_threshold);
}

/// As `run` of the weights: calls observe(t, state, forward) at t = 0, ..., steps; stops early at
/// divergence, or after the observer returns false.
template <class Real, class Observe>
Outcome run(const ReducedProblem<Real>& problem, ReducedState<Real>& state, std::size_t steps,
            const Observe& observe) {
  ReducedForward<Real> at;
  for (std::size_t t = 0;; ++t) {
    forward(problem, state, at);
    if (diverged(at)) return {t, t};
    if (!observe(t, std::as_const(state), std::as_const(at)) || t == steps)
      return {t, std::nullopt};
    step(problem, at, t, state);
  }
}

}  // namespace alignproof::inline dynamics
