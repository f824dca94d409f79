// SPDX-License-Identifier: Apache-2.0
// The sharp forms of Theorem A: bounds as polynomials in S = eta sum |e|, and the linear part of
// the drift as a tensor; statement and proof: reports/docs/theorem_a_variants.md, sections 15 and
// 21. Rounded, never enclosed: they find certificates, which alignproof-check then proves or
// refuses.
#pragma once

#include <array>
#include <cmath>
#include <optional>

#include <alignproof/bounds/analysis.hpp>
#include <alignproof/bounds/theorem_a.hpp>

namespace alignproof::inline bounds {

/// What is known while eta sum |e(t)| <= S, by the coefficients of S^0, S^1, ...
struct SharpGrowth {
  std::array<double, 4> D{};  ///< M(t) >= M - D(S) I
  double kap = 0;  ///< M(t) <= M + (D(S) + kap^2 S^2) I, |A(t) - A|_F <= sqrt p kap S / L1
  std::array<double, 3> Cv{};
  std::array<double, 3> rho{};  ///< |beta(t) - beta| <= rho(S)
};

/// (A.68)
inline SharpGrowth growth(const CheckpointNumbers<double>& c) {
  const double L11 = c.L1 * c.L1, Gs = std::sqrt(c.G_max);
  const double kap = L11 * std::sqrt(c.B2) * c.K_norm / c.sqrt_p;
  const double h2 = 2 * L11 * c.L2 * c.k_max * c.K_norm / c.sqrt_p;
  const double v2 = L11 * c.L2 * c.kk_norm / (2 * c.sqrt_p), root_B4p = std::sqrt(c.B4) / c.sqrt_p;
  return {{0, 3 * kap * Gs + h2 * c.Q, kap * kap / 2, 0},
          kap,
          {kap * Gs + v2 * c.Q, kap * kap + v2 * root_B4p * Gs, v2 * root_B4p * kap / 2},
          {0, Gs, kap / 2}};
}

/// What the drift of second order asks of the checkpoint, beyond the numbers of Theorem A.
struct DriftNumbers {
  double linear = 0;  ///< the norm of its linear part
  double Q3 = 0;      ///< mean |beta_r| |b_r|^3
  double L3 = 0;      ///< psi'' is L3-Lipschitz; 0 where no sign changes
};

/// (A.74)
inline SharpGrowth growth(const CheckpointNumbers<double>& c, const DriftNumbers& drift) {
  const double L11 = c.L1 * c.L1, Gs = std::sqrt(c.G_max), K = c.K_norm, p = c.sqrt_p * c.sqrt_p;
  const double root_B4 = std::sqrt(c.B4);
  SharpGrowth g = growth(c);
  const double of_Psi = L11 * c.L2 * root_B4 * Gs * (c.k_max * K + c.kk_norm);
  const double of_beta = g.kap * g.kap / 2;
  const double of_D = L11 * K * c.k_max * c.k_max * (2 * c.L2 * c.L2 + c.L1 * drift.L3) * drift.Q3;
  const double of_both = L11 * c.L2 * K * c.k_max * root_B4;
  g.D = {0, drift.linear, of_beta + (of_Psi + of_D + 2 * of_both * Gs) / p, of_both * g.kap / p};
  return g;
}

/// The numbers of the drift but for the norm of its linear part; nothing without L3.
inline std::optional<DriftNumbers> moments_of_drift(const Problem<double>& problem,
                                                    const Matrix<double>& beta) {
  const Smoothness<double> psi = smoothness<double>(problem.psi);
  if (psi.L2 && !psi.L3) return std::nullopt;
  const Vector<double> b = problem.b.col(0).cwiseAbs();
  const Vector<double> b3 = b.cwiseProduct(b).cwiseProduct(b);
  return DriftNumbers{.Q3 = beta.col(0).cwiseAbs().dot(b3) / static_cast<double>(problem.p()),
                      .L3 = psi.L2 ? *psi.L3 : 0};
}

/// The norm of the linear part of the drift, (A.70), as an n^2 x n matrix. Throws InputError with
/// several outputs.
double linear_drift(const Problem<double>& problem, const Forward<double>& at,
                    const KernelState<double>& state);

/// (A.75): by how much that of a state within `distance_A` and `distance_beta` may exceed it.
double linear_drift_shift(const CheckpointNumbers<double>& c, const Problem<double>& problem,
                          const Forward<double>& at, const KernelState<double>& state, double L3,
                          double distance_A, double distance_beta);

/// The least S with int_0^S mu >= (1 + margin) E and mu(S) > 0, and what it gives.
struct SharpClosing {
  double S = 0;
  double mu = 0;  ///< mu(S), the rate
};

/// Nothing where the premises of the form do not hold with the slack `margin`.
std::optional<SharpClosing> close_sharply(const CheckpointNumbers<double>& c,
                                          const SharpGrowth& growth, double margin);

}  // namespace alignproof::inline bounds
