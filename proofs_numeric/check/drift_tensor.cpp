// SPDX-License-Identifier: Apache-2.0
// The part of the drift of M that is linear in sigma = eta sum e, as a tensor at the checkpoint;
// notation and proofs: reports/docs/theorem_a_variants.md, section 21.
#include <alignproof/core/no_fast_math.hpp>

#include "drift_tensor.hpp"

#include <algorithm>
#include <string>

#include <alignproof/core/error.hpp>

namespace alignproof::check {

namespace {

/// Rows of the p x n^2 products of slopes that are held at once.
constexpr std::size_t rows_at_once = 256;

/// 2^-k
Ball power_of_half(long k) {
  Ball x = 1;
  arb_mul_2exp_si(x.get(), x.get(), -k);
  return x;
}

/// psi''(a): the mean of psi'' over [a, a + h] is a difference of psi', and psi'' is nowhere there
/// further from its value at a than L3 times the distance.
Ball second_derivative(const Problem& P, const Ball& a, const Ball& slope, const Ball& L3) {
  const Ball h = power_of_half(precision() / 2);
  return widened((activate(P.activation, a + h).dpsi - slope) / h, L3 * h / 2);
}

/// For one r: b_r psi_ri in the columns 0, ..., n-1 and beta_r b_r^2 psi''(a_ri) in n, ..., 2n-1.
void set_factors(BallMatrix& factors, std::size_t row, const Problem& P, const Point& z,
                 std::size_t r, const Ball& L3) {
  const Ball beta_b2 = z.beta[r] * square(P.b[r]);
  for (std::size_t i = 0; i < P.n; ++i) {
    factors.set(row, i, P.b[r] * z.Psi.at(r, i));
    if (!P.psi.frozen_signs)
      factors.set(row, P.n + i, beta_b2 * second_derivative(P, z.A.at(r, i), z.D.at(r, i), L3));
  }
}

/// U_i,jk = sum_r b_r psi_ri psi'_rj psi'_rk in row i and V_i,jk = sum_r beta_r b_r^2 psi''_ri
/// psi'_rj psi'_rk in row n + i; the pair jk in column j n + k.
BallMatrix triple_sums(const Problem& P, const Point& z, const Ball& L3) {
  BallMatrix sums(2 * P.n, P.n * P.n);
  for (std::size_t first = 0; first < P.p; first += rows_at_once) {
    const std::size_t rows = std::min(rows_at_once, P.p - first);
    BallMatrix factors(rows, 2 * P.n), slopes(rows, P.n * P.n);
    for (std::size_t row = 0; row < rows; ++row) {
      const std::size_t r = first + row;
      set_factors(factors, row, P, z, r, L3);
      for (std::size_t j = 0; j < P.n; ++j)
        for (std::size_t k = 0; k < P.n; ++k)
          arb_mul(slopes.entry(row, j * P.n + k), z.D.entry(r, j), z.D.entry(r, k), precision());
    }
    sums += transposed_product(factors, slopes);
  }
  return sums;
}

/// (A.70)
BallMatrix tensor_at(const Problem& P, const Point& z, const Ball& L3) {
  const BallMatrix sums = triple_sums(P, z, L3);
  const auto U = [&](std::size_t i, std::size_t j, std::size_t k) {
    return sums.at(i, j * P.n + k);
  };
  const auto V = [&](std::size_t i, std::size_t j, std::size_t k) {
    return sums.at(P.n + i, j * P.n + k);
  };
  const auto K = [&](std::size_t i, std::size_t j) { return P.K.at(i, j); };
  const Ball scale = Ball::count(P.p) * P.sqrt_p;
  BallMatrix T(P.n * P.n, P.n);
  for (std::size_t i = 0; i < P.n; ++i)
    for (std::size_t j = 0; j < P.n; ++j)
      for (std::size_t k = 0; k < P.n; ++k) {
        const Ball of_Psi = K(j, k) * U(i, j, k) + K(i, k) * U(j, i, k);
        const Ball of_beta = K(i, j) * U(k, i, j);
        const Ball of_D = K(i, j) * (K(i, k) * V(i, j, k) + K(j, k) * V(j, i, k));
        T.set(i * P.n + j, k, (0 - of_Psi - of_beta - of_D) / scale);
      }
  return T;
}

/// (A.75): what the linear part at a state within the radii may have that the one here has not.
Ball shift_within(const Problem& P, const Point& z, const Radii& radii, const Ball& L3) {
  const auto& [L1, L2, frozen_signs] = P.psi;
  Ball b_psi, beta_b2;
  for (std::size_t r = 0; r < P.p; ++r) {
    Ball psi2;
    for (std::size_t i = 0; i < P.n; ++i) psi2 += square(z.Psi.at(r, i));
    b_psi += square(P.b[r]) * psi2;
    beta_b2 += square(z.beta[r] * square(P.b[r]));
  }
  const Ball p = Ball::count(P.p), P1 = sqrt(b_psi / p), N2 = sqrt(beta_b2 / p);
  const Ball of_Psi = 3 * L1 * P.K_norm * (square(L1) * sqrt(P.B2) + 2 * L2 * P1);
  const Ball of_D = 2 * P.kmax * P.K_norm * (square(L1) * L3 + 2 * L1 * square(L2)) * N2;
  const Ball of_beta = 2 * square(L1) * L2 * P.kmax * P.K_norm * sqrt(P.B4);
  return ((of_Psi + of_D) * radii.A + of_beta * radii.beta) / p;
}

}  // namespace

void require_third_derivative(const Activation& activation) {
  const ActivationRow& row = row_of(activation);
  const Bound L3 = row.L3();
  const NoBound* none = std::get_if<NoBound>(&L3);
  if (none != nullptr && !row.bounds().frozen_signs)
    throw InputError("closing form", "'drift'",
                     "rate or bootstrap for " + std::string(activation.name()) +
                         ", whose psi'' has no Lipschitz constant: " + none->reason);
}

DriftFacts drift_facts_at(const Problem& P, const Point& z, const Radii& radii) {
  // Where no sign changes psi is linear.
  const Ball L3 = P.psi.frozen_signs ? Ball(0.0) : std::get<Ball>(row_of(P.activation).L3());
  Ball beta_b3, b6;
  for (std::size_t r = 0; r < P.p; ++r) {
    const Ball b3 = abs(P.b[r]) * square(P.b[r]);
    beta_b3 += abs(z.beta[r]) * b3;
    b6 += square(b3);
  }
  return {.T = tensor_at(P, z, L3),
          .shift = shift_within(P, z, radii, L3),
          .Q3 = (beta_b3 + sqrt(b6) * radii.beta) / Ball::count(P.p),
          .L3 = L3};
}

}  // namespace alignproof::check
