// SPDX-License-Identifier: Apache-2.0
// Theorem A: finitely many numbers at a checkpoint that imply convergence for all time.
// Statement and proof: reports/docs/theorem_a.md. What is computed here is rounded, never enclosed:
// it finds certificates, which alignproof-check then proves or refuses.
#pragma once

#include <cmath>
#include <optional>

#include <alignproof/dynamics/recursion.hpp>
#include <alignproof/linalg/spectrum.hpp>

namespace alignproof::inline bounds {

/// The numbers of Theorem A at the state (A, beta), lambda = 0 from then on.
template <class Real>
struct CheckpointNumbers {
  Real E;             ///< |e|
  Real M_min, M_max;  ///< extreme eigenvalues of M = G + H
  Real G_max;         ///< largest eigenvalue of G
  Real K_norm;        ///< spectral norm of K
  Real k_max;         ///< largest |row of K|
  Real kk_norm;       ///< |k o k|_2 = (sum_i k_i^4)^(1/2)
  Real B2, B4;        ///< mean b_r^2, mean b_r^4
  Real Q;             ///< mean |beta_r| b_r^2
  Real L1, L2;        ///< |psi'| <= L1, psi' is L2-Lipschitz; for relu where no sign changes
  std::optional<Real> R_max;  ///< relu: no sign changes while R < R_max
  Real eta, sqrt_p;
  Real b_norm, beta_norm, b_dot_beta;
};

/// Bounds on what can happen while eta sum_t |e(t)| <= R.
template <class Real>
struct Drift {
  Real R;
  Real dG, dH;             ///< how far G and H can move
  Real Cv;                 ///< |v| <= eta^2 Cv |e|^2
  Real beta_displacement;  ///< R sqrt(gbar)
  Real A_displacement;     ///< L1 sqrt(B2) |K| R
};

/// relu: all signs are frozen while |a_ri| > |b_r| L1 k_i R / sqrt p for all r, i.
template <class Real>
Real largest_R_with_frozen_signs(const Problem<Real>& problem, const Matrix<Real>& A,
                                 const Vector<Real>& k) {
  using std::abs;
  std::optional<Real> least;
  for (Eigen::Index i = 0; i < A.cols(); ++i)
    for (Eigen::Index r = 0; r < A.rows(); ++r) {
      const Real pull = abs(problem.b(r, 0)) * k(i);
      if (!(pull > Real(0))) continue;
      const Real R = abs(A(r, i)) * problem.sqrt_p / pull;
      if (!least || R < *least) least = R;
    }
  return least ? *least : Real(1e300);
}

/// Nothing with several outputs: there the theorem does not apply in this form. Throws InputError
/// on a rule that is none of the theorem's.
template <class Real>
std::optional<CheckpointNumbers<Real>> checkpoint_numbers(const Problem<Real>& problem,
                                                          const Forward<Real>& at,
                                                          const KernelState<Real>& state) {
  using std::sqrt;
  const Smoothness<Real> psi = smoothness<Real>(problem.psi);
  require_theorem_rule(problem.rule);
  if (problem.k() != 1) return std::nullopt;
  const Matrix<Real>& beta = state.beta;
  CheckpointNumbers<Real> c;
  const Matrix<Real> G = gram_G(at);
  const Extremes<Real> M = extreme_eigenvalues<Real>(G + gram_H(problem, at, state.b, beta));
  c.E = at.e.norm();
  c.M_min = M.min;
  c.M_max = M.max;
  c.G_max = extreme_eigenvalues(G).max;
  c.K_norm = extreme_eigenvalues(problem.K).max;
  const Vector<Real> k2 = problem.K.rowwise().squaredNorm();
  c.k_max = sqrt(k2.maxCoeff());
  c.kk_norm = k2.norm();
  const Vector<Real> b = problem.b.col(0), b2 = b.cwiseProduct(b);
  const Real p(static_cast<double>(problem.p()));
  c.B2 = b2.sum() / p;
  c.B4 = b2.squaredNorm() / p;
  c.Q = beta.col(0).cwiseAbs().dot(b2) / p;
  c.L1 = psi.L1;
  c.L2 = psi.L2.value_or(Real(0));
  if (!psi.L2) {
    const Vector<Real> k = k2.cwiseSqrt();
    c.R_max = largest_R_with_frozen_signs<Real>(problem, state.A, k);
  }
  c.eta = problem.eta;
  c.sqrt_p = problem.sqrt_p;
  c.b_norm = problem.b.norm();
  c.beta_norm = beta.norm();
  c.b_dot_beta = b.dot(beta.col(0));
  return c;
}

template <class Real>
Drift<Real> drift(const CheckpointNumbers<Real>& c, const Real& R) {
  using std::sqrt;
  const Real q = c.L1 * c.L1 * sqrt(c.B2) * c.K_norm * R / c.sqrt_p;
  const Real root_g = sqrt(c.G_max);
  const Real gbar = (root_g + q) * (root_g + q);
  const Real Qbar = c.Q + sqrt(c.B4) / c.sqrt_p * R * sqrt(gbar);
  const Real L1L1 = c.L1 * c.L1;
  Drift<Real> s;
  s.R = R;
  s.dG = Real(2) * root_g * q + q * q;
  s.dH = L1L1 * c.K_norm * sqrt(c.B2 * gbar) * R / c.sqrt_p +
         Real(2) * L1L1 * c.L2 * c.Q * c.k_max * c.K_norm * R / c.sqrt_p;
  s.Cv =
      (L1L1 * sqrt(c.B2 * gbar) * c.K_norm + L1L1 * c.L2 * Qbar * c.kk_norm / Real(2)) / c.sqrt_p;
  s.beta_displacement = R * sqrt(gbar);
  s.A_displacement = c.L1 * sqrt(c.B2) * c.K_norm * R;
  return s;
}

/// The two conditions at a candidate rate alpha, as left side minus right side: both >= 0 closes.
template <class Real>
struct Slack {
  Real decay;  ///< M_min - dG - dH - eta Cv E - alpha
  Real step;   ///< 2 - eta alpha - eta^2 Cv E - eta (M_max + dG + dH)
};

template <class Real>
Slack<Real> slack(const CheckpointNumbers<Real>& c, const Real& alpha) {
  const Drift<Real> s = drift(c, Real(c.E / alpha));
  const Real remainder = c.eta * s.Cv * c.E;
  return {c.M_min - s.dG - s.dH - remainder - alpha,
          Real(2) - c.eta * (alpha + remainder + c.M_max + s.dG + s.dH)};
}

/// The largest alpha of M_min/1000, 2 M_min/1000, ... at which both conditions hold with the slack
/// `margin` times M_min (2 for the step); nothing if there is none.
template <class Real>
std::optional<Real> find_alpha(const CheckpointNumbers<Real>& c, const Real& margin = Real(0)) {
  if (!(c.M_min > Real(0))) return std::nullopt;
  for (int k = 1000; k >= 1; --k) {
    const Real alpha = c.M_min * Real(k) / Real(1000);
    if (c.R_max && !(c.E / alpha < *c.R_max)) continue;
    const Slack<Real> at = slack(c, alpha);
    if (at.decay >= margin * c.M_min && at.step >= margin * Real(2)) return alpha;
  }
  return std::nullopt;
}

/// cos(b, beta(t)) for all t, given |beta(t) - beta(0)| <= rho; [-1, 1] where that says nothing.
template <class Real>
struct CosineBracket {
  Real min, max;
};

template <class Real>
CosineBracket<Real> cosine_bracket(const CheckpointNumbers<Real>& c, const Real& rho) {
  if (!(rho < c.beta_norm) || !(c.b_norm > Real(0))) return {Real(-1), Real(1)};
  const Real low = c.b_dot_beta / c.b_norm - rho, high = c.b_dot_beta / c.b_norm + rho;
  const Real longest = c.beta_norm + rho, shortest = c.beta_norm - rho;
  const Real min = low >= Real(0) ? Real(low / longest) : Real(low / shortest);
  const Real max = high >= Real(0) ? Real(high / shortest) : Real(high / longest);
  return {min < Real(-1) ? Real(-1) : min, max > Real(1) ? Real(1) : max};
}

}  // namespace alignproof::inline bounds
