// SPDX-License-Identifier: Apache-2.0
// One step of a learning rule, in weight form and in kernel form.
//
//   beta <- (1 - eta lambda(t)) beta - (eta / sqrt p) Psi e
//   w_r  <- w_r - (eta / sqrt p) sum_i <back_r, e_i> psi'(a_ri) x_i
//
// back and the motion of b are the rule's (learning_rule.hpp): back = b for FA, beta for BP.
//
// With k outputs beta and b are p x k, e is n x k; rows beta_r, b_r, e_i.
//
// Kernel form: W enters only through A = W X^T, so that A <- A - (eta / sqrt p) [psi'(A) o back
// e^T] K.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <utility>

#include <alignproof/dynamics/problem.hpp>
#include <alignproof/network/activation.hpp>

namespace alignproof::inline dynamics {

template <class Real>
struct WeightState {
  Matrix<Real> W;     ///< p x d
  Matrix<Real> beta;  ///< p x k
  Matrix<Real> b;     ///< p x k
};

template <class Real>
struct KernelState {
  Matrix<Real> A;     ///< p x n
  Matrix<Real> beta;  ///< p x k
  Matrix<Real> Z;     ///< p x n; W = W0 + Z X recovers the hidden weights
  Matrix<Real> b;     ///< p x k
};

/// What the network computes at a state.
template <class Real>
struct Forward {
  Matrix<Real> Psi;  ///< p x n, psi(A)
  Matrix<Real> D;    ///< p x n, psi'(A)
  Matrix<Real> e;    ///< n x k, error f - y with f = Psi^T beta / sqrt p
};

template <class Real>
WeightState<Real> initial_weights(const Instance& instance) {
  return {matrix_from<Real>(instance.W0), matrix_from<Real>(instance.beta0),
          matrix_from<Real>(instance.b)};
}

template <class Real>
KernelState<Real> initial_kernel(const Problem<Real>& problem, const Instance& instance) {
  const Matrix<Real> W0 = matrix_from<Real>(instance.W0);
  return {W0 * problem.X.transpose(), matrix_from<Real>(instance.beta0),
          Matrix<Real>::Zero(problem.p(), problem.n()), problem.b};
}

/// Pre-activations A (p x n) of a state.
template <class Real>
Matrix<Real> pre_activations(const Problem<Real>& problem, const WeightState<Real>& state) {
  return state.W * problem.X.transpose();
}
template <class Real>
const Matrix<Real>& pre_activations(const Problem<Real>&, const KernelState<Real>& state) {
  return state.A;
}

template <class Real, class State>
void forward(const Problem<Real>& problem, const State& state, Forward<Real>& at) {
  activate(problem.psi, pre_activations(problem, state), at.Psi, at.D);
  at.e.noalias() = at.Psi.transpose() * state.beta;
  at.e = at.e / problem.sqrt_p - problem.y;
}

/// The entries of a matrix, in the order in which Eigen keeps them.
template <class Real>
std::span<Real> entries(Matrix<Real>& m) {
  return {m.data(), static_cast<std::size_t>(m.size())};
}
template <class Real>
std::span<const Real> entries(const Matrix<Real>& m) {
  return {m.data(), static_cast<std::size_t>(m.size())};
}

/// The weights through which the error is sent back, p x k.
template <class Real>
Matrix<Real> feedback(const Problem<Real>& problem, const Matrix<Real>& b,
                      const Matrix<Real>& beta) {
  Matrix<Real> back(b.rows(), b.cols());
  problem.rule.template actions<Real>().back(entries(b), entries(beta), entries(back));
  return back;
}

/// (eta / sqrt p) psi'(A) o (back e^T), p x n: what a step subtracts from Z, times X from W, times
/// K from A.
template <class Real>
Matrix<Real> hidden_update(const Problem<Real>& problem, const Forward<Real>& at,
                           const Matrix<Real>& b, const Matrix<Real>& beta) {
  const Matrix<Real> scaled = feedback(problem, b, beta) * Real(problem.eta / problem.sqrt_p);
  if (problem.k() == 1) return scaled.col(0).asDiagonal() * at.D * at.e.col(0).asDiagonal();
  const Matrix<Real> back_error = scaled * at.e.transpose();
  return at.D.cwiseProduct(back_error);
}

/// The step of beta, and that of b if the rule moves it.
template <class Real>
void step_beta(const Problem<Real>& problem, const Forward<Real>& at, std::size_t t,
               Matrix<Real>& b, Matrix<Real>& beta) {
  const Real kept = Real(1) - problem.eta * Real(problem.penalty(t));
  const Matrix<Real> scaled = at.e * Real(problem.eta / problem.sqrt_p);
  if (!problem.rule.b_moves()) {
    beta = kept * beta - at.Psi * scaled;
    return;
  }
  const Matrix<Real> update = -(at.Psi * scaled);
  problem.rule.template actions<Real>().move(entries(b), entries(std::as_const(beta)), kept,
                                             entries(update));
  beta = kept * beta + update;
}

/// The step from time t to t + 1, given the forward values at t.
template <class Real>
void step(const Problem<Real>& problem, const Forward<Real>& at, std::size_t t,
          WeightState<Real>& state) {
  if (problem.rule.hidden_learns())
    state.W -= hidden_update(problem, at, state.b, state.beta) * problem.X;
  step_beta(problem, at, t, state.b, state.beta);
}

template <class Real>
void step(const Problem<Real>& problem, const Forward<Real>& at, std::size_t t,
          KernelState<Real>& state) {
  if (problem.rule.hidden_learns()) {
    const Matrix<Real> N = hidden_update(problem, at, state.b, state.beta);
    state.A.noalias() -= N * problem.K;
    state.Z -= N;
  }
  step_beta(problem, at, t, state.b, state.beta);
}

/// A step of the kernel form as a value, so that a test can put a wrong one in its place.
template <class Real>
using KernelStep = std::function<void(const Problem<Real>&, const Forward<Real>&, std::size_t,
                                      KernelState<Real>&)>;

template <class Real>
KernelStep<Real> true_step() {
  return [](const Problem<Real>& problem, const Forward<Real>& at, std::size_t t,
            KernelState<Real>& state) { step(problem, at, t, state); };
}

}  // namespace alignproof::inline dynamics
