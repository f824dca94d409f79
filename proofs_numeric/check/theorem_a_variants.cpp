// SPDX-License-Identifier: Apache-2.0
// Theorem A for k outputs and for backpropagation; notation and proofs:
// reports/docs/theorem_a_variants.md.
#include <alignproof/core/no_fast_math.hpp>

#include "theorem_a_variants.hpp"

#include "conditions.hpp"
#include "theorem_a.hpp"

namespace alignproof::check {

namespace {

/// The computed state and what follows from it; c_r = b_r for FA and beta_r for BP.
struct State {
  bool bp;
  ActivationBounds psi;
  std::size_t n, p, k;
  Ball eta, sqrt_p;
  Ball radius_A, radius_beta;  ///< how far the exact state is from it
  const BallMatrix &A, &beta, &b, &G;
  BallMatrix M;              ///< nk x nk with index i k + c
  std::vector<Ball> k_norm;  ///< row norms of K
  Ball kmax, k_o_k;
  std::vector<Ball> c_norm, beta_norm, psi_norm;  ///< |c_r|, |beta_r|, |psi_r|
};

State state_of(const OutputsProblem& P, const OutputsPoint& z, const ExactState& exact) {
  const BallMatrix& fed = returned_through(P, z);
  return {.bp = P.bp,
          .psi = P.psi,
          .n = P.n,
          .p = P.p,
          .k = P.k,
          .eta = P.eta,
          .sqrt_p = P.sqrt_p,
          .radius_A = exact.from_A,
          .radius_beta = exact.from_beta,
          .A = z.A,
          .beta = z.beta,
          .b = P.b,
          .G = z.G,
          .M = error_operator(P, z.G, products_of_rows(z.D, z.beta), products_of_rows(z.D, fed)),
          .k_norm = P.k_norm,
          .kmax = P.kmax,
          .k_o_k = P.k_o_k,
          .c_norm = row_norms(fed),
          .beta_norm = row_norms(z.beta),
          .psi_norm = row_norms(z.Psi)};
}

/// The sums over units with the traces for B2, QV, QH (A.27), at every state within the radius
/// (A.63), (A.64).
struct Sums {
  Ball s0;        ///< sqrt(B2)
  Ball root_B4p;  ///< sqrt(B4 / p)
  Ball Q, cmax;
  Ball N;  ///< at the centre
};

Sums sums_around(const State& s) {
  const Ball p = Ball::count(s.p), &d = s.radius_beta;
  Ball c2, c4, beta_c2, beta2_c2, cmax;
  for (std::size_t r = 0; r < s.p; ++r) {
    const Ball square_c = square(s.c_norm[r]);
    c2 += square_c;
    c4 += square(square_c);
    beta_c2 += s.beta_norm[r] * square_c;
    beta2_c2 += square(s.beta_norm[r]) * square_c;
    cmax = max(cmax, s.c_norm[r]);
  }
  Sums sums{sqrt(c2 / p), sqrt(c4) / p, beta_c2 / p, cmax, sqrt(beta2_c2 / p)};
  if (s.bp) {
    sums.Q += 3 * sums.root_B4p * d + (3 * cmax + d) * square(d) / p;
    sums.s0 += d / s.sqrt_p;
    sums.cmax += d;
    sums.root_B4p = square(sqrt(sqrt(c4)) + d) / p;
  } else {
    sums.Q += sums.root_B4p * d;
  }
  return sums;
}

/// The functions of section 11 (FA) and 13 (BP) at S = R.
struct Bounds {
  Ball rho, A_displacement, dG, dH, Cv;
  Ball x_share;  ///< BP: L1^2 K_norm R^2 / p, which must be below 1
};

Bounds bounds_at(const State& s, const Sums& m, const SpectralWitness& w, const Ball& R) {
  const auto& [L1, L2, frozen_signs] = s.psi;
  const Ball K = w.K_norm, Gs = sqrt(w.G_max), &sqrt_p = s.sqrt_p;
  const Ball h2 = 2 * square(L1) * L2 * s.kmax * K / sqrt_p;
  const Ball v2 = square(L1) * L2 * s.k_o_k / (2 * sqrt_p);
  const Ball x = square(L1) * K * R / sqrt_p;
  Bounds b;
  Ball q, g1, Qbar;
  b.x_share = x * R / sqrt_p;
  if (s.bp) {
    b.rho = R * (Gs + x * m.s0) / (1 - b.x_share);
    const Ball sbar = m.s0 + b.rho / sqrt_p;
    q = x * sbar;
    g1 = Gs + q;
    b.dH = square(L1) * K * (2 * m.s0 * b.rho / sqrt_p + square(b.rho / sqrt_p)) +
           h2 * R * (m.Q + m.root_B4p * b.rho);
    Qbar = m.Q + 3 * m.root_B4p * b.rho + (3 * m.cmax + b.rho) * square(b.rho / sqrt_p);
    b.Cv = square(L1) * sbar * g1 * K / sqrt_p + v2 * Qbar;
  } else {
    q = x * m.s0;
    g1 = Gs + q;
    b.rho = R * g1;
    b.dH = square(L1) * K * m.s0 * b.rho / sqrt_p + h2 * m.Q * R;
    Qbar = m.Q + m.root_B4p * b.rho;
    b.Cv = square(L1) * m.s0 * K * g1 / sqrt_p + v2 * Qbar;
  }
  b.dG = 2 * Gs * q + square(q);
  b.A_displacement = sqrt_p * q / L1;
  return b;
}

/// How far M and G of a state within the radius are from those of the centre: (A.59) to (A.61).
struct Shifts {
  Ball G, M;
};

Shifts shifts_around(const State& s, const Sums& m, const SpectralWitness& w) {
  const auto& [L1, L2, frozen_signs] = s.psi;
  const Ball K = w.K_norm, a_p = s.radius_A / s.sqrt_p, d_p = s.radius_beta / s.sqrt_p;
  const Ball q0 = L1 * a_p;
  const Ball G = 2 * sqrt(w.G_max) * q0 + square(q0);
  const Ball H = square(L1) * K * (s.bp ? 2 * m.s0 * d_p + square(d_p) : m.s0 * d_p) +
                 2 * L1 * L2 * K * m.N * a_p;
  return {G, G + H};
}

/// relu: (A.48) and (A.49), for all states within the radius.
Ball sign_margin(const State& s, const Bounds& bound, const SpectralWitness& w, const Ball& R) {
  const Ball x = square(s.psi.L1) * w.K_norm * R / s.sqrt_p;
  Ball margin;
  for (std::size_t r = 0; r < s.p; ++r) {
    Ball pull = s.c_norm[r];
    if (s.bp) {
      const Ball beta = s.beta_norm[r] + s.radius_beta, psi = s.psi_norm[r] + s.psi.L1 * s.radius_A;
      pull = beta + R / s.sqrt_p * (psi + x * beta) / (1 - bound.x_share);
    }
    for (std::size_t i = 0; i < s.n; ++i) {
      const Ball here = abs(s.A.at(r, i)) - s.radius_A - pull * s.k_norm[i] * R / s.sqrt_p;
      margin = r + i == 0 ? here : min(margin, here);
    }
  }
  return margin;
}

BallMatrix scaled(BallMatrix A, const Ball& c) {
  arb_mat_scalar_mul_arb(A.get(), A.get(), c.get(), precision());
  return A;
}

}  // namespace

bool check_variant_leg(std::vector<Condition>& conditions, const std::string& name,
                       const OutputsProblem& P, const OutputsPoint& z, const ExactState& exact,
                       const Leg& leg) {
  const State s = state_of(P, z, exact);
  const SpectralWitness& w = leg.witness;
  const Statement& claim = leg.statement;
  const Ball alpha = claim.alpha, &d = s.radius_beta, &eta = s.eta;
  const Sums m = sums_around(s);
  const Shifts shift = shifts_around(s, m, w);

  // (A.29), (A.30) at the centre, so that M_min is right for every state within the radius.
  const Ball m0 = w.M_min + shift.M, M_max = w.M_max - shift.M;
  const BallMatrix MtM = transposed_product(s.M, s.M);
  conditions.push_back(require_greater(name + "M_min > 0", w.M_min, 0));
  conditions.push_back(require_at_least(name + "1 >= eta M_min", 1, eta * m0));
  conditions.push_back(require_definite(
      name + "M + M^T - eta M^T M - (2 M_min - eta M_min^2) I",
      (s.M + transposed(s.M) + scaled(MtM, 0 - eta)) - (2 * m0 - eta * square(m0))));
  conditions.push_back(require_greater(name + "M_max > 0", M_max, 0));
  conditions.push_back(require_definite(name + "M_max^2 I - M^T M", square(M_max) - MtM));
  conditions.push_back(require_definite(name + "G_max I - G", (w.G_max - shift.G) - s.G));

  const Ball E = exact.error, R = E / alpha;
  const Bounds bound = bounds_at(s, m, w, R);
  if (s.bp) conditions.push_back(require_greater(name + "p > L1^2 |K| R^2", 1, bound.x_share));
  conditions.push_back(require_at_least(name + "M_min - dG - dH - eta Cv E >= alpha",
                                        w.M_min - bound.dG - bound.dH - eta * bound.Cv * E, alpha));
  if (s.psi.frozen_signs)
    conditions.push_back(require_greater(name + "|a_ri| > |c_r(t)| L1 k_i R / sqrt p",
                                         sign_margin(s, bound, w, R), 0));

  conditions.push_back(require_at_least(name + "error >= E", claim.error, E));
  conditions.push_back(
      require_at_least(name + "beta_displacement >= rho(R)", claim.beta_displacement, bound.rho));
  conditions.push_back(require_at_least(name + "A_displacement >= sqrt p q(R) / L1",
                                        claim.A_displacement, bound.A_displacement));
  // The weight angle: everything in Frobenius norms.
  const Ball b_norm = frobenius_norm(s.b), beta_norm = frobenius_norm(s.beta);
  const CosineBracket cosine = cosine_bracket(widened(inner_product(s.b, s.beta), b_norm * d),
                                              b_norm, max(0, widened(beta_norm, d)), bound.rho);
  check_cosine(conditions, name, cosine, claim);
  return cosine.defined;
}

bool check_variant(std::vector<Condition>& conditions, const RunCertificate& certificate) {
  const Start& start = certificate.start;
  const SpectralWitness& w = certificate.leg.witness;
  const OutputsProblem P = outputs_problem_from(start, w.K_norm);
  const OutputsPoint z = outputs_point_at(P, matrix_from(start.A), matrix_from(start.beta));
  conditions.push_back(require_definite("K_norm I - K", w.K_norm - P.K));
  // (A.58)
  const Ball d = certificate.radius, q0 = P.psi.L1 * d / P.sqrt_p;
  const Ball E = frobenius_norm(z.e) + (sqrt(w.G_max) + q0) * d + q0 * frobenius_norm(z.beta);
  return check_variant_leg(conditions, "", P, z, {.from_A = d, .from_beta = d, .error = E},
                           certificate.leg);
}

}  // namespace alignproof::check
