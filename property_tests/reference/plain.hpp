// SPDX-License-Identifier: Apache-2.0
// The dynamics once more, slow and with indices only: independent of Eigen and of
// include/alignproof/dynamics.
#pragma once

#include <cmath>
#include <vector>

#include <alignproof/format/instance.hpp>

namespace alignproof::reference {

template <class Real>
struct Plain {
  std::vector<std::vector<Real>> W;  ///< p x d
  std::vector<Real> beta;            ///< p
};

template <class Real>
Real psi(Activation kind, const Real& a) {
  using std::tanh;
  if (kind == Activation::tanh) return tanh(a);
  return kind == Activation::relu && !(a > Real(0)) ? Real(0) : a;
}

template <class Real>
Real psi_prime(Activation kind, const Real& a) {
  using std::tanh;
  if (kind == Activation::tanh) return Real(1) - tanh(a) * tanh(a);
  return kind == Activation::relu && !(a > Real(0)) ? Real(0) : Real(1);
}

template <class Real>
Plain<Real> initial(const Instance& instance) {
  Plain<Real> state;
  for (std::size_t r = 0; r < instance.p(); ++r) {
    state.W.emplace_back();
    for (std::size_t k = 0; k < instance.d(); ++k) state.W[r].push_back(Real(instance.W0(r, k)));
    state.beta.push_back(Real(instance.beta0(r)));
  }
  return state;
}

template <class Real>
Real pre_activation(const Instance& instance, const Plain<Real>& state, std::size_t r,
                    std::size_t i) {
  Real sum(0);
  for (std::size_t k = 0; k < instance.d(); ++k) sum += state.W[r][k] * Real(instance.X(i, k));
  return sum;
}

template <class Real>
std::vector<Real> error(const Instance& instance, const Plain<Real>& state) {
  using std::sqrt;
  std::vector<Real> e;
  for (std::size_t i = 0; i < instance.n(); ++i) {
    Real sum(0);
    for (std::size_t r = 0; r < instance.p(); ++r)
      sum += state.beta[r] * psi(instance.activation, pre_activation(instance, state, r, i));
    e.push_back(sum / sqrt(Real(static_cast<double>(instance.p()))) - Real(instance.y(i)));
  }
  return e;
}

/// One step of the definition, sample by sample and unit by unit.
template <class Real>
Plain<Real> step(const Instance& instance, Rule rule, std::size_t t, const Plain<Real>& now) {
  using std::sqrt;
  const Real scale = Real(instance.eta) / sqrt(Real(static_cast<double>(instance.p())));
  const std::vector<Real> e = error(instance, now);
  Plain<Real> next = now;
  for (std::size_t r = 0; r < instance.p(); ++r) {
    const Real back = rule == Rule::fa ? Real(instance.b(r)) : now.beta[r];
    next.beta[r] = (Real(1) - Real(instance.eta) * Real(instance.penalty(t))) * now.beta[r];
    for (std::size_t i = 0; i < instance.n(); ++i) {
      const Real a = pre_activation(instance, now, r, i);
      next.beta[r] -= scale * psi(instance.activation, a) * e[i];
      for (std::size_t k = 0; k < instance.d(); ++k)
        next.W[r][k] -=
            scale * back * e[i] * psi_prime(instance.activation, a) * Real(instance.X(i, k));
    }
  }
  return next;
}

}  // namespace alignproof::reference
