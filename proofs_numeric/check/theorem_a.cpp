// SPDX-License-Identifier: Apache-2.0
// The quantities of Theorem A, in the notation of reports/docs/theorem_a.md, as balls.
#include "theorem_a.hpp"

#include <algorithm>

#include <alignproof/core/error.hpp>

namespace alignproof::check {

namespace {

std::vector<Ball> balls(const Array& x) {
  return {x.values.begin(), x.values.end()};
}

BallMatrix gram_of_rows(const Array& X) {
  BallMatrix X_transposed(X.cols(), X.rows());
  for (std::size_t i = 0; i < X.rows(); ++i)
    for (std::size_t j = 0; j < X.cols(); ++j) X_transposed.set(j, i, X(i, j));
  return transposed_product(X_transposed, X_transposed);
}

/// psi(a) and psi'(a).
struct Activated {
  Ball psi, dpsi;
};

Activated activate(Activation activation, double a) {
  if (activation == Activation::identity) return {a, 1};
  const Ball psi = tanh(a);
  return {psi, 1 - square(psi)};
}

/// Sums over the hidden units r: everything that costs p.
struct HiddenSums {
  BallMatrix Psi_Psi;   ///< sum_r psi_ri psi_rj
  BallMatrix bD_D;      ///< sum_r beta_r b_r psi'_ri psi'_rj
  BallMatrix Psi_beta;  ///< sum_r psi_ri beta_r, n x 1
};

/// Adds the units first <= r < last. Blocks of units keep the memory small.
void add_units(HiddenSums& sums, const Checkpoint& s, std::size_t first, std::size_t last) {
  const std::size_t n = s.A.cols(), units = last - first;
  BallMatrix Psi(units, n), D(units, n), bD(units, n), beta(units, 1);
  for (std::size_t u = 0; u < units; ++u) {
    const std::size_t r = first + u;
    const Ball beta_b = Ball(s.beta(r)) * s.b(r);
    beta.set(u, 0, s.beta(r));
    for (std::size_t i = 0; i < n; ++i) {
      const auto [psi, dpsi] = activate(s.activation, s.A(r, i));
      Psi.set(u, i, psi);
      D.set(u, i, dpsi);
      bD.set(u, i, beta_b * dpsi);
    }
  }
  sums.Psi_Psi += transposed_product(Psi, Psi);
  sums.bD_D += transposed_product(bD, D);
  sums.Psi_beta += transposed_product(Psi, beta);
}

HiddenSums hidden_sums(const Checkpoint& s) {
  constexpr std::size_t block = 512;
  const std::size_t n = s.A.cols(), p = s.A.rows();
  HiddenSums sums{BallMatrix(n, n), BallMatrix(n, n), BallMatrix(n, 1)};
  for (std::size_t first = 0; first < p; first += block)
    add_units(sums, s, first, std::min(first + block, p));
  return sums;
}

/// e = Psi^T beta / sqrt p - y
std::vector<Ball> error_vector(const HiddenSums& sums, const Array& y, const Ball& sqrt_p) {
  std::vector<Ball> e;
  for (std::size_t i = 0; i < y.rows(); ++i) e.push_back(sums.Psi_beta.at(i, 0) / sqrt_p - y(i));
  return e;
}

std::vector<Ball> row_norms(const BallMatrix& K) {
  std::vector<Ball> k;
  for (std::size_t i = 0; i < K.rows(); ++i) {
    std::vector<Ball> row;
    for (std::size_t j = 0; j < K.cols(); ++j) row.push_back(K.at(i, j));
    k.push_back(norm(row));
  }
  return k;
}

void set_row_norms(Facts& facts) {
  std::vector<Ball> k_o_k;
  facts.kmax = 0;
  for (const Ball& k_i : row_norms(facts.K)) {
    facts.kmax = max(facts.kmax, k_i);
    k_o_k.push_back(square(k_i));
  }
  facts.k_o_k = norm(k_o_k);
}

void set_means(Facts& facts, const Checkpoint& s) {
  const std::vector<Ball> b = balls(s.b), beta = balls(s.beta);
  const Ball p = Ball::count(b.size());
  Ball sum_b2, sum_b4, sum_beta_b2;
  for (std::size_t r = 0; r < b.size(); ++r) {
    const Ball b2 = square(b[r]);
    sum_b2 += b2;
    sum_b4 += square(b2);
    sum_beta_b2 += abs(beta[r]) * b2;
  }
  facts.B2 = sum_b2 / p;
  facts.B4 = sum_b4 / p;
  facts.Q = sum_beta_b2 / p;
  facts.b_beta = dot(b, beta);
  facts.b_norm = norm(b);
  facts.beta_norm = norm(beta);
  facts.b_is_zero =
      std::all_of(s.b.values.begin(), s.b.values.end(), [](double b_r) { return b_r == 0; });
}

}  // namespace

Facts derive_facts(const Checkpoint& checkpoint) {
  const Ball p = Ball::count(checkpoint.b.rows());
  const BallMatrix K = gram_of_rows(checkpoint.X);
  const HiddenSums sums = hidden_sums(checkpoint);
  const BallMatrix G = sums.Psi_Psi / p;
  const BallMatrix H = entrywise(K, sums.bD_D / p);
  Facts facts{.K = K, .G = G, .M = G + H, .sqrt_p = sqrt(p)};
  facts.E = norm(error_vector(sums, checkpoint.y, facts.sqrt_p));
  set_row_norms(facts);
  set_means(facts, checkpoint);
  return facts;
}

ActivationBounds activation_bounds(Activation activation) {
  if (activation == Activation::identity) return {1, 0};
  if (activation == Activation::tanh) return {1, 4 / (3 * sqrt(3))};
  throw InputError("activation", std::string(to_string(activation)), "identity or tanh");
}

Constants theorem_a(const Facts& facts, const ActivationBounds& psi, const SpectralWitness& witness,
                    double alpha) {
  const auto& [L1, L2] = psi;
  const Ball& B2 = facts.B2;
  const Ball& B4 = facts.B4;
  const Ball& Q = facts.Q;
  const Ball& sqrt_p = facts.sqrt_p;
  const Ball K_norm = witness.K_norm;
  const Ball sqrt_g = sqrt(witness.G_max);

  Constants c;
  c.R = facts.E / alpha;
  const Ball q = square(L1) * sqrt(B2) * K_norm * c.R / sqrt_p;
  const Ball sqrt_gbar = sqrt_g + q;
  c.gbar = square(sqrt_gbar);
  c.dG = 2 * sqrt_g * q + square(q);
  c.dH = square(L1) * K_norm * sqrt(B2) * sqrt_gbar * c.R / sqrt_p +
         2 * square(L1) * L2 * Q * facts.kmax * K_norm * c.R / sqrt_p;
  const Ball Qbar = Q + sqrt(B4) / sqrt_p * c.R * sqrt_gbar;
  c.Cv = (square(L1) * sqrt(B2) * sqrt_gbar * K_norm +
          Ball(0.5) * square(L1) * L2 * Qbar * facts.k_o_k) /
         sqrt_p;
  c.rho = c.R * sqrt_gbar;
  c.A_displacement = L1 * sqrt(B2) * K_norm * c.R;
  return c;
}

CosineBracket cosine_bracket(const Facts& facts, const Ball& rho) {
  CosineBracket bracket;
  const Decision inside = greater(facts.beta_norm, rho);
  bracket.beta_never_zero = inside == Decision::proved;
  // b = 0: no cosine. rho >= |beta|: beta(t) may vanish or point anywhere.
  if (facts.b_is_zero || inside == Decision::violated) return bracket;
  const Ball along = facts.b_beta / facts.b_norm;
  const Ball nearest = facts.beta_norm - rho, farthest = facts.beta_norm + rho;
  // |beta(t)| lies between the two; which one is the worst depends on the sign of the numerator,
  // and the minimum (maximum) of both quotients is right for either sign.
  const Ball low = along - rho, high = along + rho;
  bracket.lower = max(-1, min(low / nearest, low / farthest));
  bracket.upper = min(1, max(high / nearest, high / farthest));
  return bracket;
}

}  // namespace alignproof::check
