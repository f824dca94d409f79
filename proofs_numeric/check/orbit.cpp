// SPDX-License-Identifier: Apache-2.0
// Theorem B: a computed orbit with bounds of its distance to the exact one, in the notation of
// reports/docs/theorem_b.md.
#include <alignproof/core/no_fast_math.hpp>

#include "orbit.hpp"

#include <algorithm>
#include <atomic>

#include "threads.hpp"
#include "upper_bound.hpp"

namespace alignproof::check {

namespace {

std::vector<Ball> balls(const Array& x) {
  return {x.values.begin(), x.values.end()};
}

BallMatrix column(const std::vector<Ball>& x) {
  BallMatrix A(x.size(), 1);
  for (std::size_t i = 0; i < x.size(); ++i) A.set(i, 0, x[i]);
  return A;
}

std::vector<Ball> entries(const BallMatrix& A) {
  std::vector<Ball> x;
  for (std::size_t i = 0; i < A.rows(); ++i) x.push_back(A.at(i, 0));
  return x;
}

Ball largest_size(const std::vector<Ball>& x) {
  Ball largest;
  for (const Ball& x_i : x) largest = max(largest, abs(x_i));
  return largest;
}

/// The largest of the norms whose squares these are, block by block of the columns.
Ball largest_norm(const std::vector<std::vector<UpperBound>>& squares) {
  UpperBound largest;
  for (std::size_t i = 0; i < squares.front().size(); ++i) {
    UpperBound sum;
    for (const std::vector<UpperBound>& block : squares) sum.add(block[i]);
    largest.reach(sum);
  }
  return largest.root();
}

/// The norm of what was summed block by block.
Ball norm_of_all(const std::vector<UpperBound>& squares) {
  UpperBound sum;
  for (const UpperBound& block : squares) sum.add(block);
  return sum.root();
}

/// The midpoint of x becomes `mid`, exactly; x keeps its radius, around 0.
void take_midpoint(arb_ptr mid, arb_ptr x) {
  arf_swap(arb_midref(mid), arb_midref(x));
  arf_zero(arb_midref(x));
  mag_zero(arb_radref(mid));
}

/// x becomes wider by `factor` times what `size` says.
void widen(Ball& x, const Ball& factor, mag_srcptr size) {
  mag_t distance;
  mag_init(distance);
  arb_get_mag(distance, factor.get());
  mag_mul(distance, distance, size);
  arb_add_error_mag(x.get(), distance);
  mag_clear(distance);
}

/// psi'(a) and everything within L2 |da| / 2 of it: every divided difference of psi from a to
/// a + da.
Ball slopes_near(arb_srcptr slope, const Ball& half_L2, arb_srcptr da) {
  Ball slopes{slope};
  mag_t size;
  mag_init(size);
  arb_get_mag(size, da);
  widen(slopes, half_L2, size);
  mag_clear(size);
  return slopes;
}

}  // namespace

bool same_sign(arb_srcptr x, arb_srcptr y) {
  return arb_is_positive(x) ? arb_is_positive(y) : arb_is_negative(x) && arb_is_negative(y);
}

Ball round_to_midpoints(BallMatrix& x) {
  UpperBound squares;
  for (std::size_t i = 0; i < x.rows(); ++i)
    for (std::size_t j = 0; j < x.cols(); ++j) {
      const arb_ptr entry = x.entry(i, j);
      squares.add_square(arb_radref(entry));
      mag_zero(arb_radref(entry));
    }
  return squares.root();
}

Problem problem_from(const Start& start, double K_norm) {
  Problem P{.activation = start.activation,
            .psi = activation_bounds(start.activation),
            .n = start.n(),
            .p = start.p(),
            .eta = start.eta,
            .sqrt_p = sqrt(Ball::count(start.p())),
            .y = balls(start.y),
            .b = balls(start.b),
            .K = gram_of_rows(start.X),
            .K_norm = K_norm,
            .kmax = 0,
            .k_o_k = 0,
            .k = {},
            .b_norm = 0,
            .b_max = 0,
            .B2 = 0,
            .B4 = 0};
  std::vector<Ball> k_o_k;
  for (std::size_t i = 0; i < P.n; ++i) {
    std::vector<Ball> row;
    for (std::size_t j = 0; j < P.n; ++j) row.push_back(P.K.at(i, j));
    P.k.push_back(norm(row));
    P.kmax = max(P.kmax, P.k.back());
    k_o_k.push_back(square(P.k.back()));
  }
  P.k_o_k = norm(k_o_k);
  Ball sum_b2, sum_b4;
  for (const Ball& b : P.b) {
    const Ball b2 = square(b);
    sum_b2 += b2;
    sum_b4 += square(b2);
  }
  P.B2 = sum_b2 / Ball::count(P.p);
  P.B4 = sum_b4 / Ball::count(P.p);
  P.b_norm = norm(P.b);
  P.b_max = largest_size(P.b);
  return P;
}

Point point_at(const Problem& P, BallMatrix A, std::vector<Ball> beta) {
  Point z{std::move(A), std::move(beta), {P.p, P.n}, {P.p, P.n}, {}, {P.n, P.n}, {}};
  activate(P.activation, z.A, z.Psi, z.D);
  const std::vector<Ball> f = entries(transposed_product(z.Psi, column(z.beta)));
  for (std::size_t i = 0; i < P.n; ++i) z.e.push_back(f[i] / P.sqrt_p - P.y[i]);
  z.G = transposed_product(z.Psi, z.Psi) / Ball::count(P.p);
  z.sqrt_g = upper(sqrt(largest_eigenvalue_bound(z.G)));
  return z;
}

Orbit::Orbit(const Problem& problem, const Start& start, double radius)
    : problem_(&problem), point_{{0, 0}, {}, {0, 0}, {0, 0}, {}, {0, 0}, {}}, A_start_(0, 0) {
  const Problem& P = problem;
  std::vector<Ball> beta = balls(start.beta);
  radii_.beta = radius;
  switch (start.kind) {
    case CertificateKind::from_initialisation: {
      BallMatrix A = product(matrix_from(start.W), transposed(matrix_from(start.X)));
      // |W' X^T - W X^T|_F <= |W' - W|_F |X|, and |X|^2 = |K|.
      radii_.A = upper(round_to_midpoints(A) + sqrt(P.K_norm) * radius);
      point_ = point_at(P, std::move(A), std::move(beta));
      break;
    }
    case CertificateKind::from_checkpoint:
      radii_.A = radius;
      point_ = point_at(P, matrix_from(start.A), std::move(beta));
      break;
  }
  // (B.9) at the start
  radii_.e = upper(point_.sqrt_g * radii_.beta +
                   P.psi.L1 * radii_.A * (norm(point_.beta) + radii_.beta) / P.sqrt_p);
  require_signs();
  A_start_ = point_.A;
  beta_start_ = point_.beta;
  radii_start_ = radii_;
}

void Orbit::require_signs() {
  if (!problem_->psi.frozen_signs) return;
  std::atomic<bool> known = true;
  for_row_blocks(problem_->p, problem_->n, [&](const RowBlock& block) {
    for (std::size_t r = block.first; r < block.last; ++r)
      for (std::size_t i = 0; i < problem_->n; ++i)
        if (greater(abs(point_.A.at(r, i)), radii_.A) != Decision::proved) known = false;
  });
  if (!known) radii_ = {unknown(), unknown(), unknown()};
}

void Orbit::advance(double lambda) {
  const Problem& P = *problem_;
  const auto& [L1, L2, frozen_signs] = P.psi;
  const Ball &eta = P.eta, &sqrt_p = P.sqrt_p;
  const Ball &a = radii_.A, &d = radii_.beta, &eps = radii_.e;
  const Point& z = point_;
  const std::size_t n = P.n, p = P.p;
  const Ball keep = 1 - eta * lambda, e_norm = norm(z.e), e_max = largest_size(z.e);

  // The exact step from the computed point, as balls: dA1 = -(eta / sqrt p) [D o b e^T] K.
  const Ball rate = 0 - eta / sqrt_p;
  const std::size_t blocks = count_row_blocks(p, n);
  std::vector<std::vector<UpperBound>> Db_squares(blocks, std::vector<UpperBound>(n));
  BallMatrix A1(p, n);  // D o (b e^T) at first
  for_row_blocks(p, n, [&](const RowBlock& block) {
    Ball D_b;
    for (std::size_t r = block.first; r < block.last; ++r)
      for (std::size_t i = 0; i < n; ++i) {
        arb_mul(D_b.get(), z.D.entry(r, i), P.b[r].get(), precision());
        Db_squares[block.index][i].add_square(D_b.get());
        arb_mul(A1.entry(r, i), D_b.get(), z.e[i].get(), precision());
      }
  });
  const Ball ch = largest_norm(Db_squares) / sqrt_p;
  BallMatrix dA1 = product(A1, P.K);
  const std::vector<Ball> Psi_e = entries(product(z.Psi, column(z.e)));
  BallMatrix beta1(p, 1);
  for (std::size_t r = 0; r < p; ++r) beta1.set(r, 0, keep * z.beta[r] + rate * Psi_e[r]);
  const std::vector<Ball> beta1_exact = entries(beta1);

  // The next computed point: midpoints; what they miss goes into the residuals. A1 keeps what the
  // exact step is away from A_next.
  BallMatrix A_next(p, n), beta_next = beta1;
  std::vector<UpperBound> missed(blocks);
  for_row_blocks(p, n, [&](const RowBlock& block) {
    for (std::size_t r = block.first; r < block.last; ++r)
      for (std::size_t i = 0; i < n; ++i) {
        arb_mul(dA1.entry(r, i), dA1.entry(r, i), rate.get(), precision());
        arb_add(A1.entry(r, i), z.A.entry(r, i), dA1.entry(r, i), precision());
        take_midpoint(A_next.entry(r, i), A1.entry(r, i));
        missed[block.index].add_square(arb_radref(A1.entry(r, i)));
      }
  });
  const Ball rho_A = norm_of_all(missed), rho_beta = round_to_midpoints(beta_next);
  Point next = point_at(P, std::move(A_next), entries(beta_next));

  // dPsi = psi(A + dA1) - psi(A), its divided difference Db, and the norms of the step.
  BallMatrix Db_beta_b(p, n);
  Ball largest_beta1;
  std::vector<Ball> beta1_b(p);
  for (std::size_t r = 0; r < p; ++r) {
    beta1_b[r] = beta1_exact[r] * P.b[r];
    largest_beta1 = max(largest_beta1, abs(beta1_exact[r]));
  }
  const Ball half_L2 = L2 / 2;
  std::vector<UpperBound> dA_sizes(blocks), dPsi_squares(blocks);
  std::vector<std::vector<UpperBound>> beta_dA_squares(blocks, std::vector<UpperBound>(n)),
      flipped(blocks, std::vector<UpperBound>(n));  // of beta1_r, over changes of sign
  std::atomic<bool> any_flips = false;
  for_row_blocks(p, n, [&](const RowBlock& block) {
    Ball dpsi, beta_dA;
    for (std::size_t r = block.first; r < block.last; ++r)
      for (std::size_t i = 0; i < n; ++i) {
        const arb_srcptr da = dA1.entry(r, i);
        arb_sub(dpsi.get(), next.Psi.entry(r, i), z.Psi.entry(r, i), precision());
        widen(dpsi, L1, arb_radref(A1.entry(r, i)));
        dPsi_squares[block.index].add_square(dpsi.get());
        dA_sizes[block.index].reach(da);
        const bool flips = frozen_signs && !same_sign(z.A.entry(r, i), next.A.entry(r, i));
        if (flips) any_flips = true, flipped[block.index][i].add_square(beta1_exact[r].get());
        // Two enclosures of the divided difference: psi'(a) + L2 |da| / 2 at most, and the
        // quotient, which is useless where da is small.
        const bool small = arf_cmpabs_2exp_si(arb_midref(da), -precision() / 3) < 0;
        const Ball Db = !flips && (frozen_signs || small || arb_contains_zero(da))
                            ? slopes_near(z.D.entry(r, i), half_L2, da)
                            : dpsi / Ball(da);
        arb_mul(Db_beta_b.entry(r, i), Db.get(), beta1_b[r].get(), precision());
        arb_mul(beta_dA.get(), beta1_exact[r].get(), da, precision());
        beta_dA_squares[block.index][i].add_square(beta_dA.get());
      }
  });
  UpperBound largest_dA;
  for (const UpperBound& size : dA_sizes) largest_dA.reach(size);
  const Ball dm = largest_dA.value();
  const Ball p_ball = Ball::count(p);
  const BallMatrix H = entrywise(P.K, transposed_product(Db_beta_b, z.D) / p_ball);
  BallMatrix N_matrix = z.G + H;
  arb_mat_scalar_mul_arb(N_matrix.get(), N_matrix.get(), eta.get(), precision());
  const Ball c = spectral_norm_bound(keep - N_matrix);

  // The comparison system (B.3) to (B.9).
  const Ball a_p = a / sqrt_p, u = norm(Psi_e) / sqrt_p;
  const Ball e_exact = e_norm + eps, e_exact_max = e_max + eps;
  const Ball N = norm(beta1_b) / sqrt_p;
  const Ball nd = norm_of_all(dPsi_squares) / sqrt_p;
  const Ball m1 = L2 * largest_norm(beta_dA_squares) / sqrt_p, m2 = L2 * largest_beta1 / sqrt_p;
  const Ball kap = eta * P.K_norm * (ch * eps + L2 * P.b_max * e_exact_max * a_p);
  const Ball x = a + kap / 2;
  const Ball d1 = abs(keep) * d + eta * (z.sqrt_g * eps + L1 * e_exact * a_p);
  Ball flip, dPsi_flip;  // relu: what changes of sign add, whatever beta1 is there
  if (any_flips) {
    flip = largest_norm(flipped) / sqrt_p * (a + kap);
    dPsi_flip = a;
  }
  const Ball eps1 =
      c * eps +
      eta * (L1 * a_p * (u + z.sqrt_g * eps) + (z.sqrt_g * L1 * a_p + square(L1 * a_p)) * e_exact) +
      nd * d1 + (L1 * kap + L2 * (dm + kap) * x + dPsi_flip) * d1 / sqrt_p + m1 * x + m2 * kap * x +
      flip + eta * L1 * L2 * P.K_norm * N * e_exact_max * a_p;

  radii_.A = upper(a + kap + rho_A);
  radii_.beta = upper(d1 + rho_beta);
  const Ball beta_norm = norm(next.beta);
  radii_.e =
      upper(min(eps1 + next.sqrt_g * rho_beta + L1 * (beta_norm + rho_beta) * rho_A / sqrt_p,
                next.sqrt_g * radii_.beta + L1 * radii_.A * (beta_norm + radii_.beta) / sqrt_p));
  point_ = std::move(next);
  require_signs();
}

Ball Orbit::error() const {
  return max(0, widened(norm(point_.e), radii_.e));
}

Ball Orbit::beta_displacement() const {
  std::vector<Ball> moved;
  for (std::size_t r = 0; r < beta_start_.size(); ++r)
    moved.push_back(point_.beta[r] - beta_start_[r]);
  return max(0, widened(norm(moved), radii_.beta + radii_start_.beta));
}

Ball Orbit::A_displacement() const {
  const std::size_t n = problem_->n, p = problem_->p;
  std::vector<Ball> squares(count_row_blocks(p, n));
  for_row_blocks(p, n, [&](const RowBlock& block) {
    Ball moved, &sum = squares[block.index];
    for (std::size_t r = block.first; r < block.last; ++r)
      for (std::size_t i = 0; i < n; ++i) {
        arb_sub(moved.get(), point_.A.entry(r, i), A_start_.entry(r, i), precision());
        arb_addmul(sum.get(), moved.get(), moved.get(), precision());
      }
  });
  Ball sum;
  for (const Ball& square : squares) sum += square;
  return max(0, widened(sqrt(sum), radii_.A + radii_start_.A));
}

}  // namespace alignproof::check
