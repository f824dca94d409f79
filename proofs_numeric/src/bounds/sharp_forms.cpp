// SPDX-License-Identifier: Apache-2.0
#include <alignproof/bounds/sharp_forms.hpp>

#include <alignproof/core/error.hpp>

namespace alignproof::inline bounds {

namespace {

/// psi'' at A by a central difference of psi', to about 1e-11.
Matrix<double> second_derivative(const Problem<double>& problem, const Matrix<double>& A) {
  constexpr double h = 1e-5;
  Matrix<double> values, above, below;
  activate(problem.psi, Matrix<double>(A.array() + h), values, above);
  activate(problem.psi, Matrix<double>(A.array() - h), values, below);
  return (above - below) / (2 * h);
}

/// In the row i n + j and the column k the sum over r of x_ri y_rj y_rk.
Matrix<double> triple_sums(const Matrix<double>& x, const Matrix<double>& y) {
  const Eigen::Index n = y.cols();
  Matrix<double> sums(n * n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const Matrix<double> weighted = x.col(i).asDiagonal() * y;
    sums.middleRows(i * n, n).noalias() = y.transpose() * weighted;
  }
  return sums;
}

}  // namespace

double linear_drift(const Problem<double>& problem, const Forward<double>& at,
                    const KernelState<double>& state) {
  if (problem.k() != 1)
    throw InputError("number of outputs", std::to_string(problem.k()),
                     "1: the drift of second order is for one output");
  const bool jumps = !smoothness<double>(problem.psi).L2;
  const Vector<double> b = problem.b.col(0),
                       beta_b2 = state.beta.col(0).cwiseProduct(b.cwiseAbs2());
  const Matrix<double> U = triple_sums(b.asDiagonal() * at.Psi, at.D);
  Matrix<double> V = Matrix<double>::Zero(U.rows(), U.cols());
  if (!jumps) V = triple_sums(beta_b2.asDiagonal() * second_derivative(problem, state.A), at.D);
  const Matrix<double>& K = problem.K;
  const Eigen::Index n = problem.n();
  Matrix<double> T(n * n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j)
      for (Eigen::Index k = 0; k < n; ++k)
        T(i * n + j, k) =
            K(j, k) * U(i * n + j, k) + K(i, k) * U(j * n + i, k) +
            K(i, j) * (U(k * n + i, j) + K(i, k) * V(i * n + j, k) + K(j, k) * V(j * n + i, k));
  const double p = static_cast<double>(problem.p());
  return std::sqrt(extreme_eigenvalues<double>(T.transpose() * T).max) / (p * problem.sqrt_p);
}

double linear_drift_shift(const CheckpointNumbers<double>& c, const Problem<double>& problem,
                          const Forward<double>& at, const KernelState<double>& state, double L3,
                          double distance_A, double distance_beta) {
  const double p = c.sqrt_p * c.sqrt_p, L11 = c.L1 * c.L1;
  const Vector<double> b = problem.b.col(0);
  const double P1 = (b.asDiagonal() * at.Psi).norm() / c.sqrt_p;
  const double N2 = state.beta.col(0).cwiseProduct(b.cwiseAbs2()).norm() / c.sqrt_p;
  const double of_Psi = 3 * c.L1 * c.K_norm * (L11 * std::sqrt(c.B2) + 2 * c.L2 * P1);
  const double of_D = 2 * c.k_max * c.K_norm * (L11 * L3 + 2 * c.L1 * c.L2 * c.L2) * N2;
  const double of_beta = 2 * L11 * c.L2 * c.k_max * c.K_norm * std::sqrt(c.B4);
  return ((of_Psi + of_D) * distance_A + of_beta * distance_beta) / p;
}

std::optional<SharpClosing> close_sharply(const CheckpointNumbers<double>& c, const SharpGrowth& g,
                                          double margin) {
  const auto mu = [&](double S) {
    return c.M_min - value_at(g.D, S) - c.eta * c.E * value_at(g.Cv, S);
  };
  const auto integral = [&](double S) {
    return c.M_min * S - integral_to(g.D, S) - c.eta * c.E * integral_to(g.Cv, S);
  };
  const double wanted = (1 + margin) * c.E, least = margin * c.M_min;
  if (!(mu(0) > 0)) return std::nullopt;
  // mu decreases from mu(0), so the budget E needs at least E / mu(0).
  double low = 0, high = wanted / mu(0);
  while (mu(high) > least && integral(high) < wanted) low = high, high *= 2;
  for (int k = 0; k < 60; ++k) {
    const double middle = (low + high) / 2;
    (integral(middle) >= wanted || !(mu(middle) > least) ? high : low) = middle;
  }
  const double S = high > 0 ? high : 1e-300;
  if (!(mu(S) > least) || !(integral(S) >= wanted)) return std::nullopt;
  const double rise = g.kap * S;
  if (!(c.eta * (c.M_min + c.M_max + rise * rise) <= 2 * (1 - margin))) return std::nullopt;
  if (c.R_max && !(S * (1 + margin) < *c.R_max)) return std::nullopt;
  return SharpClosing{S, mu(S)};
}

}  // namespace alignproof::inline bounds
