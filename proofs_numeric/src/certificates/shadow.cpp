// SPDX-License-Identifier: Apache-2.0
#include "certificates/shadow.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <alignproof/dynamics/recursion.hpp>
#include <alignproof/linalg/spectrum.hpp>

namespace alignproof::inline certificates {

namespace {

constexpr Distances unknown_distances = {std::numeric_limits<double>::infinity(),
                                         std::numeric_limits<double>::infinity(),
                                         std::numeric_limits<double>::infinity()};

double spectral_norm(const Matrix<double>& A) {
  return std::sqrt(std::max(0.0, extreme_eigenvalues<double>(A.transpose() * A).max));
}

/// |Psi| / sqrt p
double root_g(const Forward<double>& at) {
  return std::sqrt(std::max(0.0, extreme_eigenvalues(gram_G(at)).max));
}

double largest_column_norm(const Matrix<double>& A) {
  return std::sqrt(A.colwise().squaredNorm().maxCoeff());
}

/// relu: nothing is known unless every sign is that of the state in the middle.
bool signs_are_known(const Problem<double>& problem, const KernelState<double>& state, double A) {
  return smoothness<double>(problem.psi).L2 || state.A.cwiseAbs().minCoeff() > A;
}

/// The step of A, a bound of |psi(A1) - psi(A)|_F, and what changes of sign of relu add.
struct Change {
  Matrix<double> dA;
  double dPsi = 0;
  bool any_flips = false;
  double flips = 0;  ///< max_i sqrt(sum of beta1_r^2 over changed r)
};

Change change_of(const Problem<double>& problem, const KernelState<double>& state,
                 const Forward<double>& at, const KernelState<double>& next) {
  const Smoothness<double> psi = smoothness<double>(problem.psi);
  Change result{next.A - state.A, 0, false, 0};
  Matrix<double> slopes = at.D;
  for (Eigen::Index i = 0; !psi.L2 && i < state.A.cols(); ++i) {
    double sum = 0;
    for (Eigen::Index r = 0; r < state.A.rows(); ++r)
      if ((state.A(r, i) > 0) != (next.A(r, i) > 0)) {
        result.any_flips = true, sum += next.beta(r, 0) * next.beta(r, 0);
        slopes(r, i) = 1;
      }
    result.flips = std::max(result.flips, std::sqrt(sum));
  }
  result.dPsi =
      slopes.cwiseProduct(result.dA).norm() + psi.L2.value_or(0) / 2 * result.dA.cwiseAbs2().norm();
  return result;
}

/// (B.9)
Distances within(const Problem<double>& problem, const KernelState<double>& state,
                 const Forward<double>& at, double A, double beta) {
  if (!signs_are_known(problem, state, A)) return unknown_distances;
  const double L1 = smoothness<double>(problem.psi).L1;
  return {root_g(at) * beta + L1 * A * (state.beta.norm() + beta) / problem.sqrt_p, beta, A};
}

}  // namespace

Distances distances_at_start(const Problem<double>& problem, const KernelState<double>& state,
                             const Forward<double>& at, double radius) {
  const double A = std::sqrt(extreme_eigenvalues(problem.K).max) * radius;
  return within(problem, state, at, A, radius);
}

Distances distances_around(const Problem<double>& problem, const KernelState<double>& state,
                           const Forward<double>& at, double radius) {
  return within(problem, state, at, radius, radius);
}

Distances distances_after_step(const Problem<double>& problem, const KernelState<double>& state,
                               const Forward<double>& at, const KernelState<double>& next,
                               const Forward<double>& next_at, double lambda,
                               const Distances& before) {
  if (!std::isfinite(before.e)) return unknown_distances;
  const Smoothness<double> psi = smoothness<double>(problem.psi);
  const double L1 = psi.L1, L2 = psi.L2.value_or(0), eta = problem.eta, root_p = problem.sqrt_p;
  const double keep = 1 - eta * lambda, K_norm = extreme_eigenvalues(problem.K).max;
  const auto n = problem.n();
  const auto [eps, d, a] = before;
  const double a_p = a / root_p;

  const Change change = change_of(problem, state, at, next);
  const Matrix<double> beta1_b = next.beta.cwiseProduct(problem.b);
  const Matrix<double> H = problem.K.cwiseProduct(
      Matrix<double>(at.D.transpose() * beta1_b.col(0).asDiagonal() * at.D) / (root_p * root_p));
  const double c = spectral_norm(keep * Matrix<double>::Identity(n, n) - eta * (gram_G(at) + H));

  const double b_max = problem.b.cwiseAbs().maxCoeff();
  const double ch = largest_column_norm(problem.b.col(0).asDiagonal() * at.D) / root_p;
  const double e_norm = at.e.norm() + eps, e_max = at.e.cwiseAbs().maxCoeff() + eps;
  const double sg = root_g(at), u = (at.Psi * at.e).norm() / root_p;
  const double dm = change.dA.cwiseAbs().maxCoeff(), nd = change.dPsi / root_p;
  const double N = beta1_b.norm() / root_p;
  const double m1 = L2 * largest_column_norm(next.beta.col(0).asDiagonal() * change.dA) / root_p;
  const double m2 = L2 * next.beta.cwiseAbs().maxCoeff() / root_p;

  const double kap = eta * K_norm * (ch * eps + L2 * b_max * e_max * a_p);
  const double x = a + kap / 2;
  const double d1 = std::abs(keep) * d + eta * (sg * eps + L1 * e_norm * a_p);
  const double flip = change.flips / root_p * (a + kap), dPsi_flip = change.any_flips ? a : 0;
  const double e1 =
      c * eps + eta * (L1 * a_p * (u + sg * eps) + (sg * L1 * a_p + L1 * a_p * L1 * a_p) * e_norm) +
      nd * d1 + (L1 * kap + L2 * (dm + kap) * x + dPsi_flip) * d1 / root_p + m1 * (a + kap) +
      m2 * kap * x + flip + eta * L1 * L2 * K_norm * N * e_max * a_p;

  const double A = a + kap;
  // What overflows is no number any more.
  if (!std::isfinite(e1) || !std::isfinite(d1) || !std::isfinite(A)) return unknown_distances;
  if (!signs_are_known(problem, next, A)) return unknown_distances;
  return {std::min(e1, root_g(next_at) * d1 + L1 * A * (next.beta.norm() + d1) / root_p), d1, A};
}

}  // namespace alignproof::inline certificates
