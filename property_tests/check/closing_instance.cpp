// SPDX-License-Identifier: Apache-2.0
// Small runs of feedback alignment and the constants of Theorem A in plain long double.
#include "closing_instance.hpp"

#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>

namespace alignproof::test {

namespace {

struct Values {
  Real psi, dpsi;
  Real L2;  ///< psi' is L2-Lipschitz
};

Values values(Activation activation, Real a) {
  if (activation == Activation::identity) return {a, 1, 0};
  if (activation == Activation::tanh)
    return {std::tanh(a), 1 - std::tanh(a) * std::tanh(a), 4 / (3 * std::sqrt(Real(3)))};
  throw std::logic_error("closing instances are of identity and tanh");
}

Real psi(Activation activation, Real a) {
  return values(activation, a).psi;
}
Real dpsi(Activation activation, Real a) {
  return values(activation, a).dpsi;
}

Matrix gram(const Array& X) {
  Matrix K(X.rows(), std::vector<Real>(X.rows(), 0));
  for (std::size_t i = 0; i < X.rows(); ++i)
    for (std::size_t j = 0; j < X.rows(); ++j)
      for (std::size_t k = 0; k < X.cols(); ++k) K[i][j] += Real(X(i, k)) * X(j, k);
  return K;
}

std::vector<Real> error_vector(const Start& s) {
  std::vector<Real> e(s.y.rows(), 0);
  for (std::size_t i = 0; i < e.size(); ++i) {
    for (std::size_t r = 0; r < s.b.rows(); ++r) e[i] += psi(s.activation, s.A(r, i)) * s.beta(r);
    e[i] = e[i] / std::sqrt(Real(s.b.rows())) - s.y(i);
  }
  return e;
}

/// Eigenvalues of a symmetric matrix in ascending order.
std::vector<Real> eigenvalues(Matrix A) {
  const std::size_t n = A.size();
  for (int sweep = 0; sweep < 60; ++sweep)
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < i; ++j) {
        if (A[i][j] == 0) continue;
        const Real theta = 0.5L * std::atan2(2 * A[i][j], A[i][i] - A[j][j]);
        const Real c = std::cos(theta), s = std::sin(theta);
        for (std::size_t k = 0; k < n; ++k) {
          const Real x = A[i][k], y = A[j][k];
          A[i][k] = c * x + s * y;
          A[j][k] = c * y - s * x;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const Real x = A[k][i], y = A[k][j];
          A[k][i] = c * x + s * y;
          A[k][j] = c * y - s * x;
        }
      }
  std::vector<Real> values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(A[i][i]);
  std::sort(values.begin(), values.end());
  return values;
}

Real norm(const std::vector<Real>& x) {
  Real sum = 0;
  for (Real x_i : x) sum += x_i * x_i;
  return std::sqrt(sum);
}

}  // namespace

Start run(const Spec& spec, std::size_t steps) {
  std::mt19937_64 generator(spec.seed);
  std::normal_distribution<double> normal;
  const auto fill = [&](Array x) {
    for (double& value : x.values) value = normal(generator);
    return x;
  };
  Start s;
  s.activation = spec.activation;
  s.eta = spec.eta;
  s.X = fill(Array({spec.n, spec.d}));
  for (std::size_t i = 0; i < spec.n; ++i) {
    double square = 0;
    for (std::size_t k = 0; k < spec.d; ++k) square += s.X(i, k) * s.X(i, k);
    for (std::size_t k = 0; k < spec.d; ++k) s.X(i, k) /= std::sqrt(square);
  }
  s.y = fill(Array({spec.n}));
  s.b = fill(Array({spec.p}));
  s.beta = fill(Array({spec.p}));
  const Array W = fill(Array({spec.p, spec.d}));
  s.A = Array({spec.p, spec.n});
  for (std::size_t r = 0; r < spec.p; ++r)
    for (std::size_t i = 0; i < spec.n; ++i)
      for (std::size_t k = 0; k < spec.d; ++k) s.A(r, i) += W(r, k) * s.X(i, k);
  for (std::size_t t = 0; t < steps; ++t) step(s);
  return s;
}

void step(Start& s) {
  const std::size_t n = s.y.rows(), p = s.b.rows();
  const std::vector<Real> e = error_vector(s);
  const Matrix K = gram(s.X);
  const Real scale = s.eta / std::sqrt(Real(p));
  for (std::size_t r = 0; r < p; ++r) {
    std::vector<Real> dA(n, 0);
    Real dbeta = 0;
    for (std::size_t j = 0; j < n; ++j) {
      dbeta += psi(s.activation, s.A(r, j)) * e[j];
      const Real delta = dpsi(s.activation, s.A(r, j)) * s.b(r) * e[j];
      for (std::size_t i = 0; i < n; ++i) dA[i] += delta * K[j][i];
    }
    s.beta(r) = static_cast<double>(s.beta(r) - scale * dbeta);
    for (std::size_t i = 0; i < n; ++i) s.A(r, i) = static_cast<double>(s.A(r, i) - scale * dA[i]);
  }
}

Real error_norm(const Start& state) {
  return norm(error_vector(state));
}

void set_error(Start& s, Real error) {
  const std::vector<Real> e = error_vector(s);
  for (std::size_t i = 0; i < e.size(); ++i) s.y(i) = static_cast<double>(s.y(i) + e[i] - error);
}

Quantities quantities(const Start& s) {
  const std::size_t n = s.y.rows(), p = s.b.rows();
  const Matrix K = gram(s.X);
  Matrix G(n, std::vector<Real>(n, 0)), M = G;
  Quantities x;
  x.p = p;
  x.L2 = values(s.activation, 0).L2;
  Real beta_square = 0;
  for (std::size_t r = 0; r < p; ++r) {
    const Real b = s.b(r), beta = s.beta(r);
    std::vector<Real> value, slope;
    for (std::size_t i = 0; i < n; ++i) {
      value.push_back(psi(s.activation, s.A(r, i)));
      slope.push_back(dpsi(s.activation, s.A(r, i)));
    }
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        const Real g = value[i] * value[j] / Real(p);
        G[i][j] += g;
        M[i][j] += g + K[i][j] * beta * b * slope[i] * slope[j] / Real(p);
      }
    x.B2 += b * b / Real(p);
    x.B4 += b * b * b * b / Real(p);
    x.Q += std::fabs(beta) * b * b / Real(p);
    x.b_beta += b * beta;
    beta_square += beta * beta;
  }
  x.b_norm = std::sqrt(x.B2 * Real(p));
  x.beta_norm = std::sqrt(beta_square);
  Real k4 = 0;
  for (const auto& row : K) {
    x.kmax = std::max(x.kmax, norm(row));
    k4 += std::pow(norm(row), Real(4));
  }
  x.k_o_k = std::sqrt(k4);
  x.E = error_norm(s);
  x.M_min = eigenvalues(M).front();
  x.M_max = eigenvalues(M).back();
  x.G_max = eigenvalues(G).back();
  x.K_norm = eigenvalues(K).back();
  return x;
}

Derived derive(const Quantities& x, const SpectralWitness& w, Real eta, Real alpha) {
  Derived c;
  const Real R = x.E / alpha, root_p = std::sqrt(Real(x.p)), L1 = x.L1, L2 = x.L2;
  const Real q = L1 * L1 * std::sqrt(x.B2) * w.K_norm * R / root_p;
  const Real gbar = std::pow(std::sqrt(Real(w.G_max)) + q, Real(2));
  c.dG = 2 * std::sqrt(Real(w.G_max)) * q + q * q;
  c.dH = L1 * L1 * w.K_norm * std::sqrt(x.B2 * gbar) * R / root_p +
         2 * L1 * L1 * L2 * x.Q * x.kmax * w.K_norm * R / root_p;
  const Real Qbar = x.Q + std::sqrt(x.B4 / Real(x.p)) * R * std::sqrt(gbar);
  c.Cv = (L1 * L1 * std::sqrt(x.B2 * gbar) * w.K_norm + L1 * L1 * L2 * Qbar * x.k_o_k / 2) / root_p;
  c.beta_displacement = R * std::sqrt(gbar);
  c.A_displacement = L1 * std::sqrt(x.B2) * w.K_norm * R;
  const Real rho = c.beta_displacement;
  if (rho < x.beta_norm) {
    const Real low = x.b_beta / x.b_norm - rho, high = x.b_beta / x.b_norm + rho;
    c.cos_min = std::max(Real(-1), low / (low >= 0 ? x.beta_norm + rho : x.beta_norm - rho));
    c.cos_max = std::min(Real(1), high / (high >= 0 ? x.beta_norm - rho : x.beta_norm + rho));
  }
  c.rate_margin = w.M_min - c.dG - c.dH - eta * c.Cv * x.E - alpha;
  c.step_margin = 2 - eta * alpha - eta * eta * c.Cv * x.E - eta * (w.M_max + c.dG + c.dH);
  return c;
}

RunCertificate certify(const Start& state, Real fraction, Real slack) {
  const Quantities x = quantities(state);
  const auto below = [&](Real v) { return static_cast<double>(v - slack * std::fabs(v)); };
  const auto above = [&](Real v) { return static_cast<double>(v + slack * std::fabs(v)); };
  RunCertificate c;
  c.start = state;
  c.leg.witness = {below(x.M_min), above(x.M_max), above(x.G_max), above(x.K_norm)};
  c.leg.statement.alpha = static_cast<double>(fraction * x.M_min);
  const Derived bound = derive(x, c.leg.witness, state.eta, c.leg.statement.alpha);
  c.leg.statement.error = above(x.E);
  c.leg.statement.beta_displacement = above(bound.beta_displacement);
  c.leg.statement.A_displacement = above(bound.A_displacement);
  c.leg.statement.cos_min = below(bound.cos_min);
  c.leg.statement.cos_max = above(bound.cos_max);
  return c;
}

RunCertificate closing_certificate(const Spec& spec, Real fraction) {
  constexpr std::size_t longest = 20000, stride = 50;
  Start state = run(spec, 0);
  for (std::size_t t = 0; t < longest; ++t, step(state)) {
    if (t % stride != 0) continue;
    const RunCertificate c = certify(state, fraction);
    const Derived bound =
        derive(quantities(state), c.leg.witness, state.eta, c.leg.statement.alpha);
    if (c.leg.statement.alpha > 0 && bound.rate_margin > 0 && bound.step_margin > 0) return c;
  }
  throw std::runtime_error("the run does not close: choose another instance");
}

Real root(const std::function<Real(Real)>& f, Real low, Real high) {
  for (int k = 0; k < 200; ++k) {
    const Real middle = (low + high) / 2;
    (f(middle) > 0 ? low : high) = middle;
  }
  return low;
}

}  // namespace alignproof::test
