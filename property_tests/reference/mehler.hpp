// SPDX-License-Identifier: Apache-2.0
// The limit kernel by Mehler's series: another formula, another rule than the checker's.
//
// With the normalised Hermite polynomials h_k, orthonormal under N(0, 1), and c_k(s) = E psi(s Z)
// h_k(Z),
//
//   E psi(u) psi(v) = sum_k c_k(s) c_k(s') rho^k
//
// for u ~ N(0, s^2), v ~ N(0, s'^2) of correlation rho. After m terms the rest is, by
// Cauchy-Schwarz and Parseval, at most tail(s) tail(s') |rho|^m, tail(s)^2 = E psi(s Z)^2 - sum_{k
// < m} c_k(s)^2. The coefficients come from the trapezoidal rule, whose error for F = psi(s .) h_k
// phi, analytic and with |psi(s .)| <= 1 in the strip |Im z| <= v, is at most
//
//   2 N / (exp(2 pi v / h) - 1),  N = exp(v^2 / 2) sqrt(sum_j C(k, j) v^{2 j} / j!)
//
// (Trefethen and Weideman, SIAM Review 2014, theorem 5.1), plus what lies beyond |z| = 22 by
// Cramer's inequality |h_k(z)| <= 1.0865 exp(z^2 / 4).
#pragma once

#include <cmath>
#include <stdexcept>
#include <vector>

#include "check/activation.hpp"
#include "check/ball.hpp"
#include "check/matrix.hpp"
#include "reference/activation_table.hpp"

namespace alignproof::check::mehler {

/// How many terms: the remainder is at most the geometric mean of the tails, times |rho|^terms.
inline constexpr int terms = 160;

/// The Hermite coefficients c_k(s) = E psi(s Z) h_k(Z), k < terms, and E psi(s Z)^2.
struct Coefficients {
  std::vector<Ball> c;
  Ball square_mean;
  Ball tail;  ///< sqrt(sum_{k >= terms} c_k^2)
};

/// |Im x| up to which |psi(x)| <= 1: pi/4 of tanh, pi/2 of the sigmoid; of softplus and gelu a
/// strip free of poles.
inline double widest(const Activation& activation) {
  return reference::visit_truth<double>(activation, []<class T>(T) -> double {
    if constexpr (requires { T::mehler_strip; })
      return T::mehler_strip;
    else
      throw std::logic_error("an activation that Mehler's series is not used for");
  });
}

/// By the trapezoidal rule with step h on |z| <= Z: |psi| <= 1 in the strip |Im z| <= strip, where
/// psi(s z) is analytic; for gelu and softplus, which are not bounded, without proof.
inline Coefficients coefficients(Activation activation, const Ball& s, double s_upper) {
  const double strip = std::min(1.5, widest(activation) / s_upper);
  const double Z = 22;
  const double h = 2 * 3.14159 * strip / (100 + 2 * strip * std::sqrt(double(terms)));
  const long nodes = std::lround(std::ceil(Z / h));

  Coefficients result;
  result.c.assign(terms, 0);
  const Ball normal = 1 / sqrt(2 * pi());
  std::vector<Ball> root(terms + 1);
  for (int k = 0; k <= terms; ++k) root[static_cast<std::size_t>(k)] = sqrt(k);
  for (long j = -nodes; j <= nodes; ++j) {
    const Ball z = Ball(static_cast<double>(j)) * h;
    const Ball psi = activate(activation, s * z).psi;
    const Ball weight = psi * exp(0 - square(z) / 2) * normal * h;
    result.square_mean += psi * weight;
    Ball before = 0, now = 1;  // h_{k-1}, h_k
    for (std::size_t k = 0; k < terms; ++k) {
      arb_addmul(result.c[k].get(), weight.get(), now.get(), precision());
      Ball after = (z * now - root[k] * before) / root[k + 1];
      before = std::move(now);
      now = std::move(after);
    }
  }

  // Discretisation: 2 N / (e^{2 pi strip / h} - 1), N <= e^{strip^2/2} sqrt(E |h_k(Z + i
  // strip)|^2).
  const Ball b2 = square(Ball(strip));
  const Ball damping = 2 * exp(b2 / 2) / (exp(2 * pi() * strip / h) - 1);
  // Truncation: Cramer's inequality |h_k(z)| e^{-z^2/4} <= 1.0865, and 2 int_Z^inf e^{-z^2/4} dz.
  const Ball cut = Ball(1.0865) * normal * 2 * (2 / Ball(Z)) * exp(0 - square(Ball(Z)) / 4);
  for (std::size_t k = 0; k < terms; ++k) {
    Ball sum = 0, term = 1;  // sum_j C(k, j) strip^{2j} / j!
    for (std::size_t j = 0; j <= k; ++j) {
      sum += term;
      term = term * b2 * static_cast<double>(k - j) / static_cast<double>((j + 1) * (j + 1));
    }
    result.c[k] = widened(result.c[k], damping * sqrt(sum) + cut);
  }
  result.square_mean = widened(result.square_mean, damping + cut);
  Ball tail = result.square_mean;
  for (const Ball& c : result.c) tail = tail - square(c);
  result.tail = sqrt(max(0, tail));
  return result;
}

/// Gbar from K: proved for tanh and sigmoid.
inline BallMatrix limit_kernel(Activation activation, const BallMatrix& K) {
  const std::size_t n = K.rows();
  std::vector<Ball> s;
  std::vector<Coefficients> all;
  for (std::size_t i = 0; i < n; ++i) {
    s.push_back(sqrt(K.at(i, i)));
    all.push_back(coefficients(activation, s[i], std::max(about(upper(s[i])), 1e-3)));
  }
  BallMatrix G(n, n);
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j <= i; ++j) {
      Ball entry = all[i].square_mean;
      if (i != j) {
        const Ball rho = min(1, max(-1, K.at(i, j) / (s[i] * s[j])));
        entry = 0;
        Ball power = 1;
        for (std::size_t k = 0; k < terms; ++k) {
          entry += all[i].c[k] * all[j].c[k] * power;
          power = power * rho;
        }
        entry = widened(entry, all[i].tail * all[j].tail * abs(power));
      }
      G.set(i, j, entry);
      G.set(j, i, entry);
    }
  return G;
}

}  // namespace alignproof::check::mehler
