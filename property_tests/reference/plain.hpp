// SPDX-License-Identifier: Apache-2.0
// The dynamics once more, slow and with indices only: independent of Eigen and of
// include/alignproof/dynamics.
#pragma once

#include <cmath>
#include <stdexcept>
#include <vector>

#include <alignproof/format/instance.hpp>
#include <alignproof/scalar/elementary.hpp>

#include "reference/activation_table.hpp"

namespace alignproof::reference {

template <class Real>
struct Plain {
  std::vector<std::vector<Real>> W;     ///< p x d
  std::vector<std::vector<Real>> beta;  ///< p x k
  std::vector<std::vector<Real>> b;     ///< p x k
};

/// psi and psi' by their textbook formulas, each another one than the library's.
template <class Real>
Real psi(const Activation& kind, const Real& a) {
  return visit_truth<Real>(kind, [&]<class T>(T) { return T::template psi<Real>(a); });
}

template <class Real>
Real psi_prime(const Activation& kind, const Real& a) {
  return visit_truth<Real>(kind, [&]<class T>(T) { return T::template psi_prime<Real>(a); });
}

template <class Real>
Plain<Real> initial(const Instance& instance) {
  Plain<Real> state;
  const std::size_t k = instance.k();
  for (std::size_t r = 0; r < instance.p(); ++r) {
    state.W.emplace_back();
    for (std::size_t l = 0; l < instance.d(); ++l) state.W[r].push_back(Real(instance.W0(r, l)));
    state.beta.emplace_back(), state.b.emplace_back();
    for (std::size_t o = 0; o < k; ++o) {
      state.beta[r].push_back(Real(instance.beta0.values[r * k + o]));
      state.b[r].push_back(Real(instance.b.values[r * k + o]));
    }
  }
  return state;
}

template <class Real>
Real pre_activation(const Instance& instance, const Plain<Real>& state, std::size_t r,
                    std::size_t i) {
  Real sum(0);
  for (std::size_t l = 0; l < instance.d(); ++l) sum += state.W[r][l] * Real(instance.X(i, l));
  return sum;
}

/// n x k.
template <class Real>
std::vector<std::vector<Real>> error(const Instance& instance, const Plain<Real>& state) {
  using std::sqrt;
  const std::size_t k = instance.k();
  std::vector<std::vector<Real>> e(instance.n());
  for (std::size_t i = 0; i < instance.n(); ++i)
    for (std::size_t o = 0; o < k; ++o) {
      Real sum(0);
      for (std::size_t r = 0; r < instance.p(); ++r)
        sum += state.beta[r][o] * psi(instance.activation, pre_activation(instance, state, r, i));
      e[i].push_back(sum / sqrt(Real(static_cast<double>(instance.p()))) -
                     Real(instance.y.values[i * k + o]));
    }
  return e;
}

/// One step of the definition, sample by sample, unit by unit, output by output; b stays.
/// `back(now, r, o)` is the weight that output o sends its error back through to unit r.
template <class Real, class Back>
Plain<Real> step_through(const Instance& instance, const Back& back, std::size_t t,
                         const Plain<Real>& now) {
  using std::sqrt;
  const std::size_t k = instance.k();
  const Real scale = Real(instance.eta) / sqrt(Real(static_cast<double>(instance.p())));
  const std::vector<std::vector<Real>> e = error(instance, now);
  Plain<Real> next = now;
  for (std::size_t r = 0; r < instance.p(); ++r) {
    for (std::size_t o = 0; o < k; ++o)
      next.beta[r][o] = (Real(1) - Real(instance.eta) * Real(instance.penalty(t))) * now.beta[r][o];
    for (std::size_t i = 0; i < instance.n(); ++i) {
      const Real a = pre_activation(instance, now, r, i);
      Real sent_back(0);
      for (std::size_t o = 0; o < k; ++o) {
        sent_back += back(now, r, o) * e[i][o];
        next.beta[r][o] -= scale * psi(instance.activation, a) * e[i][o];
      }
      for (std::size_t l = 0; l < instance.d(); ++l)
        next.W[r][l] -=
            scale * sent_back * psi_prime(instance.activation, a) * Real(instance.X(i, l));
    }
  }
  return next;
}

/// The weight that the rules of the theorems send through.
template <class Real>
Real sent_through(const Instance& instance, Rule rule, const Plain<Real>& now, std::size_t r,
                  std::size_t o) {
  switch (rule) {
    case Rule::fa:
      return Real(instance.b.values[r * instance.k() + o]);
    case Rule::bp:
      return now.beta[r][o];
  }
  throw std::logic_error("no such rule");
}

template <class Real>
Plain<Real> step(const Instance& instance, Rule rule, std::size_t t, const Plain<Real>& now) {
  return step_through(
      instance,
      [&](const Plain<Real>& at, std::size_t r, std::size_t o) {
        return sent_through(instance, rule, at, r, o);
      },
      t, now);
}

/// The same by a rule of reference/rules.
template <class Truth, class Real>
Plain<Real> step_by(const Truth& truth, const Instance& instance, std::size_t t,
                    const Plain<Real>& now) {
  Plain<Real> next = step_through(
      instance,
      [&](const Plain<Real>& at, std::size_t r, std::size_t o) {
        return truth.back(at.b[r][o], at.beta[r][o]);
      },
      t, now);
  truth.move(instance, t, now, next);
  return next;
}

}  // namespace alignproof::reference
