// SPDX-License-Identifier: Apache-2.0
// The quantities of Theorem A at an exact state near a computed point, in the notation of
// reports/docs/theorem_a.md, as balls.
#include <alignproof/core/no_fast_math.hpp>

#include "theorem_a.hpp"

namespace alignproof::check {

namespace {

/// (1/p) sum_r beta_r b_r psi'_ri psi'_rj
BallMatrix mean_of_products(const Problem& P, const Point& z) {
  BallMatrix beta_b_D(P.p, P.n);
  for (std::size_t r = 0; r < P.p; ++r) {
    const Ball beta_b = z.beta[r] * P.b[r];
    for (std::size_t i = 0; i < P.n; ++i)
      arb_mul(beta_b_D.entry(r, i), beta_b.get(), z.D.entry(r, i), precision());
  }
  return transposed_product(beta_b_D, z.D) / Ball::count(P.p);
}

}  // namespace

Facts facts_at(const Problem& P, const Point& z, const Radii& radii) {
  const auto& [L1, L2, frozen_signs] = P.psi;
  Ball sum_beta_b2, sum_beta2_b2;
  for (std::size_t r = 0; r < P.p; ++r) {
    const Ball beta_b = abs(z.beta[r] * P.b[r]);
    sum_beta_b2 += beta_b * abs(P.b[r]);
    sum_beta2_b2 += square(beta_b);
  }
  const Ball p = Ball::count(P.p), N = sqrt(sum_beta2_b2 / p);
  const Ball q = L1 * radii.A / P.sqrt_p;
  Facts facts{.G = z.G,
              .M = z.G + entrywise(P.K, mean_of_products(P, z)),
              .G_shift = 2 * z.sqrt_g * q + square(q),
              .M_shift = 0,
              .E = max(0, widened(norm(z.e), radii.e)),
              .Q = sum_beta_b2 / p + sqrt(P.B4) / P.sqrt_p * radii.beta,
              .b_beta = widened(dot(P.b, z.beta), P.b_norm * radii.beta),
              .beta_norm = max(0, widened(z.beta_norm, radii.beta))};
  facts.M_shift = facts.G_shift + square(L1) * P.K_norm * sqrt(P.B2) * radii.beta / P.sqrt_p +
                  2 * L1 * L2 * P.K_norm * N * radii.A / P.sqrt_p;
  return facts;
}

Constants theorem_a(const Problem& P, const Facts& facts, const SpectralWitness& witness,
                    double alpha) {
  const auto& [L1, L2, frozen_signs] = P.psi;
  const Ball& sqrt_p = P.sqrt_p;
  const Ball K_norm = witness.K_norm;
  const Ball sqrt_g = sqrt(witness.G_max);

  Constants c;
  c.R = facts.E / alpha;
  const Ball q = square(L1) * sqrt(P.B2) * K_norm * c.R / sqrt_p;
  const Ball sqrt_gbar = sqrt_g + q;
  c.gbar = square(sqrt_gbar);
  c.dG = 2 * sqrt_g * q + square(q);
  c.dH = square(L1) * K_norm * sqrt(P.B2) * sqrt_gbar * c.R / sqrt_p +
         2 * square(L1) * L2 * facts.Q * P.kmax * K_norm * c.R / sqrt_p;
  const Ball Qbar = facts.Q + sqrt(P.B4) / sqrt_p * c.R * sqrt_gbar;
  c.Cv = (square(L1) * sqrt(P.B2) * sqrt_gbar * K_norm +
          Ball(0.5) * square(L1) * L2 * Qbar * P.k_o_k) /
         sqrt_p;
  c.rho = c.R * sqrt_gbar;
  c.A_displacement = L1 * sqrt(P.B2) * K_norm * c.R;
  return c;
}

Ball sign_margin(const Problem& P, const Point& z, const Radii& radii, const Ball& R) {
  Ball margin;
  for (std::size_t r = 0; r < P.p; ++r)
    for (std::size_t i = 0; i < P.n; ++i) {
      const Ball here =
          widened(abs(z.A.at(r, i)), radii.A) - abs(P.b[r]) * P.psi.L1 * P.k[i] * R / P.sqrt_p;
      margin = r + i == 0 ? here : min(margin, here);
    }
  return margin;
}

CosineBracket cosine_bracket(const Ball& b_beta, const Ball& b_norm, const Ball& beta_norm,
                             const Ball& rho) {
  CosineBracket bracket;
  // b = 0: no cosine. rho >= |beta|: beta(t) may vanish or point anywhere.
  const Decision inside = greater(beta_norm, rho);
  if (arb_is_zero(b_norm.get()) || inside == Decision::violated) return bracket;
  bracket.defined = arb_is_positive(b_norm.get()) && inside == Decision::proved;
  const Ball along = b_beta / b_norm;
  const Ball nearest = beta_norm - rho, farthest = beta_norm + rho;
  // |beta(t)| lies between the two; which one is the worst depends on the sign of the numerator,
  // and the minimum (maximum) of both quotients is right for either sign.
  const Ball low = along - rho, high = along + rho;
  bracket.lower = max(-1, min(low / nearest, low / farthest));
  bracket.upper = min(1, max(high / nearest, high / farthest));
  return bracket;
}

}  // namespace alignproof::check
