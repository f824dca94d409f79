// SPDX-License-Identifier: Apache-2.0
// The law of mean_field/law.hpp as it is written down, slowly: particles of the trapezoidal rule on
// a grid of the normal density, or those of a cloud; the classical Runge-Kutta method in tau with
// many equal steps; sums and linear systems in long double. Shares no code with the library. And
// the false laws that are near at hand.
#pragma once

#include <Eigen/Dense>

#include <cmath>
#include <functional>
#include <string_view>
#include <vector>

namespace alignproof::plain_law {

using Wide = long double;
using M = Eigen::Matrix<Wide, Eigen::Dynamic, Eigen::Dynamic>;
using V = Eigen::Matrix<Wide, Eigen::Dynamic, 1>;

/// psi and psi' by their formulas.
inline std::pair<Wide, Wide> psi(std::string_view name, Wide x) {
  using std::exp, std::sqrt, std::erfc, std::tanh, std::log1p;
  const Wide pi = std::acos(Wide(-1));
  if (name == "identity") return {x, 1};
  if (name == "relu") return {x > 0 ? x : 0, x > 0 ? 1 : 0};
  if (name == "tanh") return {tanh(x), 1 / (std::cosh(x) * std::cosh(x))};
  if (name == "erf") return {std::erf(x), 2 / sqrt(pi) * exp(-x * x)};
  if (name == "arctan") return {std::atan(x), 1 / (1 + x * x)};
  const Wide s = 1 / (1 + exp(-x));
  if (name == "sigmoid") return {s, s * (1 - s)};
  if (name == "softplus") return {x > 0 ? x + log1p(exp(-x)) : log1p(exp(x)), s};
  if (name == "silu") return {x * s, s + x * s * (1 - s)};
  const Wide Phi = erfc(-x / sqrt(Wide(2))) / 2, density = exp(-x * x / 2) / sqrt(2 * pi);
  if (name == "gelu") return {x * Phi, Phi + x * density};
  throw std::logic_error("no formula of " + std::string(name));
}

/// What da/dtau is made of.
enum class Law {
  right,           ///< -K (psi' o (e b))
  kernel_inside,   ///< -psi' o (K (e b)): false
  with_H,          ///< as right, but e = -lambda (lambda + G + H)^{-1} y, H at leading order: false
  backpropagation  ///< beta sqrt p in place of b, on tau_2
};

struct Particles {
  M a, b;
  V weight;
};

/// All points of a grid in (z, b), z standard normal, that weigh something.
inline Particles grid(const Eigen::MatrixXd& K, Eigen::Index k, Wide spacing, Wide reach) {
  const M L = K.cast<Wide>().llt().matrixL();
  const Eigen::Index n = K.rows(), d = n + k;
  const auto half = static_cast<Eigen::Index>(reach / spacing);
  std::vector<V> points;
  std::vector<Wide> weights;
  V z = V::Constant(d, -half * spacing);
  std::vector<Eigen::Index> index(static_cast<std::size_t>(d), -half);
  for (bool more = true; more;) {
    for (Eigen::Index i = 0; i < d; ++i) z(i) = spacing * static_cast<Wide>(index[i]);
    if (z.squaredNorm() < reach * reach) {
      points.push_back(z);
      weights.push_back(std::exp(-z.squaredNorm() / 2));
    }
    Eigen::Index i = 0;
    while (i < d && ++index[i] > half) index[i++] = -half;
    more = i < d;
  }
  const auto N = static_cast<Eigen::Index>(points.size());
  Particles result{M(N, n), M(N, k), V(N)};
  Wide sum = 0;
  for (Wide w : weights) sum += w;
  for (Eigen::Index r = 0; r < N; ++r) {
    result.a.row(r) = (L * points[r].head(n)).transpose();
    result.b.row(r) = points[r].tail(k).transpose();
    result.weight(r) = weights[r] / sum;
  }
  return result;
}

struct State {
  M G, phi, m, e, after;
  Wide cosine, signal, cosine_after_cut, error;
  M a;
};

class PlainLaw {
 public:
  PlainLaw(const Eigen::MatrixXd& K, const Eigen::MatrixXd& Y, std::string_view activation,
           Law law = Law::right)
      : K_(K.cast<Wide>()), Y_(Y.cast<Wide>()), activation_(activation), law_(law) {}

  /// At tau, in so many steps.
  State at(const Particles& start, const std::function<Wide(Wide)>& lambda, Wide tau,
           std::size_t steps, bool euler = false) const {
    M a = start.a;
    const Wide h = tau / static_cast<Wide>(steps);
    for (std::size_t s = 0; s < steps; ++s) {
      const Wide t = h * static_cast<Wide>(s);
      const M k1 = rate(start, a, lambda(t));
      if (euler) {
        a += h * k1;
        continue;
      }
      const M k2 = rate(start, a + h / 2 * k1, lambda(t + h / 2));
      const M k3 = rate(start, a + h / 2 * k2, lambda(t + h / 2));
      const M k4 = rate(start, a + h * k3, lambda(t + h));
      a += h / 6 * (k1 + 2 * k2 + 2 * k3 + k4);
    }
    return observe(start, a, lambda(tau));
  }

  State observe(const Particles& start, const M& a, Wide lambda) const {
    M Psi(a.rows(), a.cols()), D(a.rows(), a.cols());
    values(a, Psi, D);
    State s;
    s.a = a;
    s.G = Psi.transpose() * start.weight.asDiagonal() * Psi;
    s.phi = Psi.transpose() * start.weight.asDiagonal() * start.b;
    s.m = solve(s.G, lambda);
    s.e = -lambda * s.m;
    s.after = solve(s.G, 0);
    s.error = s.e.norm();
    const auto k = static_cast<Wide>(Y_.cols());
    const auto cosine = [&](const M& m) {
      return (s.phi.transpose() * m).trace() / std::sqrt(k * (m.transpose() * s.G * m).trace());
    };
    s.cosine = cosine(s.m);
    s.cosine_after_cut = cosine(s.after);
    s.signal = signal(s, s.m, s.e);
    return s;
  }

  /// (N5) for errors e and output weights m^T psi.
  Wide signal(const State& s, const M& m, const M& e) const {
    Wide sum = 0;
    for (Eigen::Index i = 0; i < e.rows(); ++i) {
      const V row = e.row(i).transpose();
      sum += row.dot(m.transpose() * s.phi * row) /
             (row.norm() * std::sqrt(row.dot(m.transpose() * s.G * m * row)));
    }
    return sum / static_cast<Wide>(e.rows());
  }

 private:
  M solve(const M& G, Wide lambda) const {
    M shifted = G;
    for (Eigen::Index i = 0; i < G.rows(); ++i) shifted(i, i) += lambda;
    return shifted.partialPivLu().solve(Y_);
  }

  void values(const M& a, M& Psi, M& D) const {
    for (Eigen::Index j = 0; j < a.cols(); ++j)
      for (Eigen::Index r = 0; r < a.rows(); ++r)
        std::tie(Psi(r, j), D(r, j)) = psi(activation_, a(r, j));
  }

  M rate(const Particles& p, const M& a, Wide lambda) const {
    M Psi(a.rows(), a.cols()), D(a.rows(), a.cols());
    values(a, Psi, D);
    const M G = Psi.transpose() * p.weight.asDiagonal() * Psi;
    M m = solve(G, lambda);
    if (law_ == Law::with_H) {
      const M beta = Psi * m;
      const V both = p.weight.cwiseProduct(beta.cwiseProduct(p.b).rowwise().sum());
      m = solve(G + K_.cwiseProduct(M(D.transpose() * both.asDiagonal() * D)), lambda);
    }
    const M back = law_ == Law::backpropagation ? M(Psi * m) : p.b;
    const M e = -lambda * m;
    if (law_ == Law::kernel_inside) return -D.cwiseProduct(back * e.transpose() * K_);
    return -D.cwiseProduct(back * e.transpose()) * K_;
  }

  M K_, Y_;
  std::string_view activation_;
  Law law_;
};

}  // namespace alignproof::plain_law
