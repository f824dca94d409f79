// SPDX-License-Identifier: Apache-2.0
// One step of feedback alignment or backpropagation, in weight form and in kernel form.
//
//   beta <- (1 - eta lambda(t)) beta - (eta / sqrt p) Psi e
//   w_r  <- w_r - (eta / sqrt p) back_r sum_i e_i psi'(a_ri) x_i,    back = b (FA) or beta (BP)
//
// Kernel form: W enters only through A = W X^T, so that A <- A - (eta / sqrt p) [psi'(A) o back
// e^T] K.
#pragma once

#include <cstddef>
#include <functional>

#include <alignproof/dynamics/problem.hpp>
#include <alignproof/network/activation.hpp>

namespace alignproof {

template <class Real>
struct WeightState {
  Matrix<Real> W;     ///< p x d
  Vector<Real> beta;  ///< p
};

template <class Real>
struct KernelState {
  Matrix<Real> A;     ///< p x n
  Vector<Real> beta;  ///< p
  Matrix<Real> Z;     ///< p x n; W = W0 + Z X recovers the hidden weights
};

/// What the network computes at a state.
template <class Real>
struct Forward {
  Matrix<Real> Psi;  ///< p x n, psi(A)
  Matrix<Real> D;    ///< p x n, psi'(A)
  Vector<Real> e;    ///< n, error f - y with f = Psi^T beta / sqrt p
};

template <class Real>
WeightState<Real> initial_weights(const Instance& instance) {
  return {matrix_from<Real>(instance.W0), vector_from<Real>(instance.beta0)};
}

template <class Real>
KernelState<Real> initial_kernel(const Problem<Real>& problem, const Instance& instance) {
  const Matrix<Real> W0 = matrix_from<Real>(instance.W0);
  return {W0 * problem.X.transpose(), vector_from<Real>(instance.beta0),
          Matrix<Real>::Zero(problem.p(), problem.n())};
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

/// The vector through which the error is sent back.
template <class Real>
const Vector<Real>& feedback(const Problem<Real>& problem, const Vector<Real>& beta) {
  return problem.rule == Rule::fa ? problem.b : beta;
}

/// (eta / sqrt p) psi'(A) o (back e^T), p x n: what a step subtracts from Z, times X from W, times
/// K from A.
template <class Real>
Matrix<Real> hidden_update(const Problem<Real>& problem, const Forward<Real>& at,
                           const Vector<Real>& beta) {
  const Vector<Real> scaled = feedback(problem, beta) * (problem.eta / problem.sqrt_p);
  return scaled.asDiagonal() * at.D * at.e.asDiagonal();
}

template <class Real>
void step_beta(const Problem<Real>& problem, const Forward<Real>& at, std::size_t t,
               Vector<Real>& beta) {
  const Real kept = Real(1) - problem.eta * Real(problem.penalty(t));
  const Vector<Real> scaled = at.e * (problem.eta / problem.sqrt_p);
  beta = kept * beta - at.Psi * scaled;
}

/// The step from time t to t + 1, given the forward values at t.
template <class Real>
void step(const Problem<Real>& problem, const Forward<Real>& at, std::size_t t,
          WeightState<Real>& state) {
  state.W -= hidden_update(problem, at, state.beta) * problem.X;
  step_beta(problem, at, t, state.beta);
}

template <class Real>
void step(const Problem<Real>& problem, const Forward<Real>& at, std::size_t t,
          KernelState<Real>& state) {
  const Matrix<Real> N = hidden_update(problem, at, state.beta);
  state.A.noalias() -= N * problem.K;
  state.Z -= N;
  step_beta(problem, at, t, state.beta);
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

}  // namespace alignproof
