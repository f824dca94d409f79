// SPDX-License-Identifier: Apache-2.0
// Theorem B for k outputs and for backpropagation: a computed orbit with bounds of its distance to
// the exact one, in the notation of reports/docs/theorem_b_outputs.md.
#include <alignproof/core/no_fast_math.hpp>

#include "orbit_outputs.hpp"

#include <algorithm>

#include "rule.hpp"

namespace alignproof::check {

namespace {

/// Bits for what only bounds are made of: the slack that `matrix.hpp` gives them is far wider.
constexpr long bits_of_bounds = 64;

Ball largest_size(const BallMatrix& A) {
  Ball largest;
  for (std::size_t r = 0; r < A.rows(); ++r)
    for (std::size_t i = 0; i < A.cols(); ++i) largest = max(largest, abs(A.at(r, i)));
  return largest;
}

Ball largest_of(const std::vector<Ball>& sizes) {
  Ball largest;
  for (const Ball& size : sizes) largest = max(largest, size);
  return largest;
}

BallMatrix column(const std::vector<Ball>& x) {
  BallMatrix A(x.size(), 1);
  for (std::size_t r = 0; r < x.size(); ++r) A.set(r, 0, x[r]);
  return A;
}

BallMatrix diagonal(const std::vector<Ball>& x) {
  BallMatrix A(x.size(), x.size());
  for (std::size_t i = 0; i < x.size(); ++i) A.set(i, i, x[i]);
  return A;
}

BallMatrix scaled(BallMatrix A, const Ball& c) {
  arb_mat_scalar_mul_arb(A.get(), A.get(), c.get(), precision());
  return A;
}

/// An upper bound of max_i |diag(S_i) B|, S_i the columns of S.
Ball largest_scaled_norm(const BallMatrix& S, const BallMatrix& B) {
  Ball largest;
  BallMatrix scaled_B(B.rows(), B.cols());
  for (std::size_t i = 0; i < S.cols(); ++i) {
    for (std::size_t r = 0; r < B.rows(); ++r)
      for (std::size_t c = 0; c < B.cols(); ++c)
        arb_mul(scaled_B.entry(r, c), S.entry(r, i), B.entry(r, c), precision());
    largest = max(largest, spectral_norm_bound(scaled_B));
  }
  return largest;
}

/// The exact step (B.15) from a computed point, as balls.
struct Step {
  BallMatrix fed;  ///< c e^T
  BallMatrix dA;
  BallMatrix Psi_e;
  BallMatrix beta1;
};

Step step_from(const OutputsProblem& P, const OutputsPoint& z, const Ball& keep) {
  const Ball rate = 0 - P.eta / P.sqrt_p;
  Step step{product(returned_through(P, z), transposed(z.e)), {0, 0}, product(z.Psi, z.e), {0, 0}};
  step.dA = scaled(product(entrywise(z.D, step.fed), P.K), rate);
  step.beta1 = scaled(z.beta, keep) + scaled(step.Psi_e, rate);
  return step;
}

/// How psi(A) changes in the step, entry by entry.
struct Change {
  BallMatrix dPsi;   ///< psi(A1) - psi(A)
  BallMatrix Db;     ///< its divided difference
  BallMatrix flips;  ///< relu: 1 where the sign changes
  bool any_flips = false;
};

Change change_of(const OutputsProblem& P, const OutputsPoint& z, const OutputsPoint& next,
                 const BallMatrix& dA, const BallMatrix& A1) {
  const auto& [L1, L2, frozen_signs] = P.psi;
  Change change{{P.p, P.n}, {P.p, P.n}, {P.p, P.n}};
  for (std::size_t r = 0; r < P.p; ++r)
    for (std::size_t i = 0; i < P.n; ++i) {
      const Ball da = dA.at(r, i);
      const Ball dpsi = widened(next.Psi.at(r, i) - z.Psi.at(r, i), L1 * radius(A1.at(r, i)));
      const bool flips = frozen_signs && !same_sign(z.A.entry(r, i), next.A.entry(r, i));
      // Two enclosures of the divided difference: psi'(a) + L2 |da| / 2 at most, and the quotient,
      // which is useless where da is small.
      const bool small = arf_cmpabs_2exp_si(arb_midref(da.get()), -precision() / 3) < 0;
      change.Db.set(r, i,
                    !flips && (frozen_signs || small || arb_contains_zero(da.get()))
                        ? widened(z.D.at(r, i), L2 * abs(da) / 2)
                        : dpsi / da);
      change.dPsi.set(r, i, dpsi);
      if (flips) change.any_flips = true, change.flips.set(r, i, 1);
    }
  return change;
}

}  // namespace

OutputsProblem outputs_problem_from(const Start& start, double K_norm) {
  OutputsProblem P{.bp = is_backpropagation(start.rule),
                   .activation = start.activation,
                   .psi = activation_bounds(start.activation),
                   .n = start.n(),
                   .p = start.p(),
                   .k = start.k(),
                   .eta = start.eta,
                   .sqrt_p = sqrt(Ball::count(start.p())),
                   .y = matrix_from(start.y),
                   .b = matrix_from(start.b),
                   .K = gram_of_rows(start.X),
                   .K_norm = K_norm,
                   .k_norm = {},
                   .kmax = 0,
                   .k_o_k = 0};
  P.k_norm = row_norms(P.K);
  P.kmax = largest_of(P.k_norm);
  std::vector<Ball> k_o_k;
  for (const Ball& k : P.k_norm) k_o_k.push_back(square(k));
  P.k_o_k = norm(k_o_k);
  return P;
}

OutputsPoint outputs_point_at(const OutputsProblem& P, BallMatrix A, BallMatrix beta) {
  OutputsPoint z{std::move(A), std::move(beta), {P.p, P.n}, {P.p, P.n}, {0, 0}, {0, 0}, {}};
  activate(P.activation, z.A, z.Psi, z.D);
  z.e = transposed_product(z.Psi, z.beta) / P.sqrt_p - P.y;
  z.G = transposed_product(z.Psi, z.Psi) / Ball::count(P.p);
  z.sqrt_g = upper(sqrt(largest_eigenvalue_bound(z.G)));
  return z;
}

const BallMatrix& returned_through(const OutputsProblem& P, const OutputsPoint& z) {
  return P.bp ? z.beta : P.b;
}

BallMatrix products_of_rows(const BallMatrix& S, const BallMatrix& B) {
  const std::size_t k = B.cols();
  BallMatrix products(S.rows(), S.cols() * k);
  for (std::size_t r = 0; r < S.rows(); ++r)
    for (std::size_t i = 0; i < S.cols(); ++i)
      for (std::size_t c = 0; c < k; ++c)
        arb_mul(products.entry(r, i * k + c), S.entry(r, i), B.entry(r, c), precision());
  return products;
}

BallMatrix error_operator(const OutputsProblem& P, const BallMatrix& G, const BallMatrix& left,
                          const BallMatrix& right) {
  BallMatrix M = transposed_product(left, right) / Ball::count(P.p);
  for (std::size_t i = 0; i < P.n; ++i)
    for (std::size_t j = 0; j < P.n; ++j)
      for (std::size_t row = 0; row < P.k; ++row)
        for (std::size_t col = 0; col < P.k; ++col) {
          const arb_ptr entry = M.entry(i * P.k + row, j * P.k + col);
          arb_mul(entry, entry, P.K.entry(i, j), precision());
          if (row == col) arb_add(entry, entry, G.entry(i, j), precision());
        }
  return M;
}

Ball inner_product(const BallMatrix& b, const BallMatrix& beta) {
  Ball sum;
  for (std::size_t r = 0; r < b.rows(); ++r)
    for (std::size_t c = 0; c < b.cols(); ++c)
      arb_addmul(sum.get(), b.entry(r, c), beta.entry(r, c), precision());
  return sum;
}

OutputsOrbit::OutputsOrbit(const OutputsProblem& problem, const Start& start, double radius)
    : problem_(&problem),
      point_{{0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {}},
      A_start_(0, 0),
      beta_start_(0, 0) {
  const OutputsProblem& P = problem;
  BallMatrix beta = matrix_from(start.beta);
  radii_.beta = radius;
  switch (start.kind) {
    case CertificateKind::from_initialisation: {
      BallMatrix A = product(matrix_from(start.W), transposed(matrix_from(start.X)));
      // |W' X^T - W X^T|_F <= |W' - W|_F |X|, and |X|^2 = |K|.
      radii_.A = upper(round_to_midpoints(A) + sqrt(P.K_norm) * radius);
      point_ = outputs_point_at(P, std::move(A), std::move(beta));
      break;
    }
    case CertificateKind::from_checkpoint:
      radii_.A = radius;
      point_ = outputs_point_at(P, matrix_from(start.A), std::move(beta));
      break;
  }
  // (B.22) at the start
  radii_.e =
      upper(point_.sqrt_g * radii_.beta +
            P.psi.L1 * radii_.A * (spectral_norm_bound(point_.beta) + radii_.beta) / P.sqrt_p);
  require_signs();
  A_start_ = point_.A;
  beta_start_ = point_.beta;
  radii_start_ = radii_;
}

void OutputsOrbit::require_signs() {
  if (!problem_->psi.frozen_signs) return;
  for (std::size_t r = 0; r < problem_->p; ++r)
    for (std::size_t i = 0; i < problem_->n; ++i)
      if (greater(abs(point_.A.at(r, i)), radii_.A) != Decision::proved) {
        radii_ = {unknown(), unknown(), unknown()};
        return;
      }
}

void OutputsOrbit::advance(double lambda) {
  const OutputsProblem& P = *problem_;
  const auto& [L1, L2, frozen_signs] = P.psi;
  const Ball &eta = P.eta, &sqrt_p = P.sqrt_p, &K = P.K_norm;
  const Ball &a = radii_.A, &d = radii_.beta, &eps = radii_.e;
  const OutputsPoint& z = point_;
  const Ball keep = 1 - eta * lambda;

  // The next computed point: midpoints; what they miss goes into the residuals.
  const Step step = step_from(P, z, keep);
  const BallMatrix A1 = z.A + step.dA;
  BallMatrix A_next = A1, beta_next = step.beta1;
  const Ball rho_A = round_to_midpoints(A_next), rho_beta = round_to_midpoints(beta_next);
  OutputsPoint next = outputs_point_at(P, std::move(A_next), std::move(beta_next));
  const Change change = change_of(P, z, next, step.dA, A1);

  const PrecisionScope coarse(std::min(precision(), bits_of_bounds));
  const BallMatrix &c = returned_through(P, z), &beta1 = step.beta1;
  const BallMatrix M =
      error_operator(P, z.G, products_of_rows(change.Db, beta1), products_of_rows(z.D, c));
  const Ball contraction = spectral_norm_bound(keep - scaled(M, eta));

  const std::vector<Ball> c_norms = row_norms(c), e_norms = row_norms(z.e);
  const Ball ch = largest_scaled_norm(z.D, c) / sqrt_p,
             u = spectral_norm_bound(step.Psi_e) / sqrt_p;
  const Ball N = largest_scaled_norm(column(c_norms), beta1) / sqrt_p;
  const Ball nd = spectral_norm_bound(change.dPsi) / sqrt_p, dm = largest_size(step.dA);
  const Ball m1 = L2 * largest_scaled_norm(step.dA, beta1) / sqrt_p;
  const Ball m2 = L2 * largest_of(row_norms(beta1)) / sqrt_p;

  // The comparison system (B.16) to (B.22).
  const Ball a_p = a / sqrt_p, d_p = d / sqrt_p;
  const Ball e_exact = spectral_norm_bound(z.e) + eps, e_exact_max = largest_of(e_norms) + eps;
  Ball fed_exact = largest_size(step.fed) + largest_of(c_norms) * eps;
  Ball moved, moved_in_e;  // BP: what the distance of beta adds to the step of A
  if (P.bp) {
    const Ball ce = largest_of(row_norms(product(z.D, diagonal(e_norms)))) + L1 * eps;
    fed_exact += d * e_exact_max;
    moved = ce * d_p;
    moved_in_e =
        eta * L1 * K * spectral_norm_bound(beta1) / sqrt_p * d_p * (ce + L2 * e_exact_max * a);
  }
  const Ball kap = eta * K * (ch * eps + L2 * fed_exact * a_p + moved);
  const Ball x = a + kap / 2;
  const Ball d1 = abs(keep) * d + eta * (z.sqrt_g * eps + L1 * e_exact * a_p);
  Ball flip, dPsi_flip;  // relu: what changes of sign add, whatever beta1 is there
  if (change.any_flips) {
    flip = largest_scaled_norm(change.flips, beta1) / sqrt_p * (a + kap);
    dPsi_flip = a;
  }
  const Ball eps1 =
      contraction * eps +
      eta * (L1 * a_p * (u + z.sqrt_g * eps) + (z.sqrt_g * L1 * a_p + square(L1 * a_p)) * e_exact) +
      nd * d1 + (L1 * kap + L2 * (dm + kap) * x + dPsi_flip) * d1 / sqrt_p + m1 * x + m2 * kap * x +
      flip + eta * L1 * L2 * K * N * e_exact_max * a_p + moved_in_e;

  radii_.A = upper(a + kap + rho_A);
  radii_.beta = upper(d1 + rho_beta);
  const Ball beta_norm = spectral_norm_bound(next.beta);
  radii_.e =
      upper(min(eps1 + next.sqrt_g * rho_beta + L1 * (beta_norm + rho_beta) * rho_A / sqrt_p,
                next.sqrt_g * radii_.beta + L1 * radii_.A * (beta_norm + radii_.beta) / sqrt_p));
  point_ = std::move(next);
  require_signs();
}

Ball OutputsOrbit::error() const {
  return max(0, widened(frobenius_norm(point_.e), radii_.e));
}

Ball OutputsOrbit::beta_displacement() const {
  return max(0,
             widened(frobenius_norm(point_.beta - beta_start_), radii_.beta + radii_start_.beta));
}

Ball OutputsOrbit::A_displacement() const {
  return max(0, widened(frobenius_norm(point_.A - A_start_), radii_.A + radii_start_.A));
}

}  // namespace alignproof::check
