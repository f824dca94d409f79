// SPDX-License-Identifier: Apache-2.0
// Theorem A for k outputs and for backpropagation; statement and proof:
// reports/docs/theorem_a_variants.md. Rounded, never enclosed: it finds certificates.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <stdexcept>

#include <alignproof/dynamics/recursion.hpp>
#include <alignproof/linalg/spectrum.hpp>

namespace alignproof::inline bounds {

/// The numbers at a state; c_r = b_r for FA and beta_r for BP.
struct VariantNumbers {
  bool bp = false;
  double E = 0;       ///< |e|_F
  double m0 = 0;      ///< |I - eta M| = 1 - eta m0
  double M_norm = 0;  ///< |M|
  double G_max = 0, K_norm = 0, k_max = 0, kk_norm = 0;
  double s0 = 0;        ///< sqrt(mean |c_r|^2)
  double root_B4p = 0;  ///< sqrt(mean |c_r|^4 / p)
  double Q = 0;         ///< mean |beta_r| |c_r|^2
  double c_max = 0;
  double L1 = 0, L2 = 0, eta = 0, sqrt_p = 0;
  double b_norm = 0, beta_norm = 0, b_dot_beta = 0;
};

/// Whether the error is sent back through beta rather than b.
inline bool through_beta(Rule rule) {
  switch (rule) {
    case Rule::fa:
      return false;
    case Rule::bp:
      return true;
  }
  throw std::logic_error("no such rule");
}

/// Throws InputError on a rule that is none of the theorem's; by these b stays.
inline VariantNumbers variant_numbers(const Problem<double>& problem, const Forward<double>& at,
                                      const Matrix<double>& beta) {
  const Rule rule = require_theorem_rule(problem.rule);
  const Smoothness<double> psi = smoothness<double>(problem.psi);
  const Matrix<double> M = error_operator(problem, at, problem.b, beta);
  const Matrix<double> shrink = Matrix<double>::Identity(M.rows(), M.cols()) - problem.eta * M;
  const auto spectral = [](const Matrix<double>& A) {
    return std::sqrt(extreme_eigenvalues<double>(A.transpose() * A).max);
  };
  VariantNumbers c;
  c.bp = through_beta(rule);
  c.E = at.e.norm();
  c.m0 = (1 - spectral(shrink)) / problem.eta;
  c.M_norm = spectral(M);
  c.G_max = extreme_eigenvalues<double>(gram_G(at)).max;
  c.K_norm = extreme_eigenvalues<double>(problem.K).max;
  const Vector<double> k2 = problem.K.rowwise().squaredNorm();
  c.k_max = std::sqrt(k2.maxCoeff());
  c.kk_norm = k2.norm();
  const Vector<double> fed = (c.bp ? beta : problem.b).rowwise().norm(), fed2 = fed.cwiseAbs2();
  const Vector<double> beta_rows = beta.rowwise().norm();
  const double p = static_cast<double>(problem.p());
  c.s0 = std::sqrt(fed2.sum() / p);
  c.root_B4p = fed2.norm() / p;
  c.Q = beta_rows.dot(fed2) / p;
  c.c_max = fed.maxCoeff();
  c.L1 = psi.L1;
  c.L2 = psi.L2.value_or(0);
  c.eta = problem.eta;
  c.sqrt_p = problem.sqrt_p;
  c.b_norm = problem.b.norm();
  c.beta_norm = beta.norm();
  c.b_dot_beta = problem.b.cwiseProduct(beta).sum();
  return c;
}

/// What can happen while eta sum_t |e(t)| <= R; nothing where (A.40) does not close.
struct VariantDrift {
  double beta_displacement = 0, A_displacement = 0;
  double drift = 0;  ///< dG + dH
  double Cv = 0;
};

inline std::optional<VariantDrift> variant_drift(const VariantNumbers& c, double R) {
  const double L1L1 = c.L1 * c.L1, Gs = std::sqrt(c.G_max), x = L1L1 * c.K_norm * R / c.sqrt_p;
  const double h2 = 2 * L1L1 * c.L2 * c.k_max * c.K_norm / c.sqrt_p;
  const double v2 = L1L1 * c.L2 * c.kk_norm / (2 * c.sqrt_p);
  VariantDrift s;
  double q = x * c.s0, dH = 0;
  if (c.bp) {
    if (!(x * R / c.sqrt_p < 1)) return std::nullopt;
    const double rho = R * (Gs + x * c.s0) / (1 - x * R / c.sqrt_p), r = rho / c.sqrt_p;
    q = x * (c.s0 + r);
    dH = L1L1 * c.K_norm * (2 * c.s0 * r + r * r) + h2 * R * (c.Q + c.root_B4p * rho);
    s.Cv = L1L1 * (c.s0 + r) * (Gs + q) * c.K_norm / c.sqrt_p +
           v2 * (c.Q + 3 * c.root_B4p * rho + (3 * c.c_max + rho) * r * r);
    s.beta_displacement = rho;
  } else {
    const double rho = R * (Gs + q);
    dH = L1L1 * c.K_norm * c.s0 * rho / c.sqrt_p + h2 * c.Q * R;
    s.Cv = L1L1 * c.s0 * c.K_norm * (Gs + q) / c.sqrt_p + v2 * (c.Q + c.root_B4p * rho);
    s.beta_displacement = rho;
  }
  s.drift = 2 * Gs * q + q * q + dH;
  s.A_displacement = c.sqrt_p * q / c.L1;
  return s;
}

/// The largest alpha of m0/1000, 2 m0/1000, ... with m0 - drift - eta Cv E - alpha >= margin m0.
inline std::optional<double> find_variant_alpha(const VariantNumbers& c, double margin) {
  if (!(c.m0 > 0) || !(c.eta * c.m0 <= 1)) return std::nullopt;
  for (int k = 1000; k >= 1; --k) {
    const double alpha = c.m0 * k / 1000;
    const std::optional<VariantDrift> s = variant_drift(c, c.E / alpha);
    if (s && c.m0 - s->drift - c.eta * s->Cv * c.E - alpha >= margin * c.m0) return alpha;
  }
  return std::nullopt;
}

/// relu: whether no sign can change while eta sum |e| <= R: (A.48), (A.49).
inline bool signs_frozen(const Problem<double>& problem, const Forward<double>& at,
                         const KernelState<double>& state, const VariantNumbers& c, double R) {
  const double x = c.K_norm * R / c.sqrt_p;
  const Vector<double> k = problem.K.rowwise().norm();
  for (Eigen::Index r = 0; r < state.A.rows(); ++r) {
    double pull = problem.b.row(r).norm();
    if (c.bp) {
      const double beta = state.beta.row(r).norm();
      pull = beta + R / c.sqrt_p * (at.Psi.row(r).norm() + x * beta) / (1 - x * R / c.sqrt_p);
    }
    for (Eigen::Index i = 0; i < state.A.cols(); ++i)
      if (!(std::abs(state.A(r, i)) > pull * k(i) * R / c.sqrt_p)) return false;
  }
  return true;
}

}  // namespace alignproof::inline bounds
