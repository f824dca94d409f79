// SPDX-License-Identifier: Apache-2.0
// Theorem B: a computed orbit with bounds of its distance to the exact one, in the notation of
// reports/docs/theorem_b.md.
#include <alignproof/core/no_fast_math.hpp>

#include "orbit.hpp"

#include <algorithm>
#include <atomic>
#include <utility>

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

/// The midpoint of x becomes `mid`, exactly; x keeps its radius, around 0.
void take_midpoint(arb_ptr mid, arb_ptr x) {
  arf_swap(arb_midref(mid), arb_midref(x));
  arf_zero(arb_midref(x));
  mag_zero(arb_radref(mid));
}

/// Bounds of norms and of largest sizes that a step needs, summed over rows.
struct StepBounds {
  explicit StepBounds(std::size_t n) : D_b(n), beta_dA(n), flipped(n) {}

  UpperBound rho_A, rho_beta;            ///< squares of what the midpoints miss
  UpperBound Psi_e, beta1_b;             ///< squares
  UpperBound beta1, dA;                  ///< largest sizes
  UpperBound D_dA, dA_dA;                ///< squares of D o dA and dA o dA
  std::vector<UpperBound> D_b, beta_dA;  ///< of each column: squares of D o b and beta1 o dA
  std::vector<UpperBound> flipped;       ///< squares of beta1, over changes of sign
  bool any_flips = false;

  void take(const StepBounds& rows) {
    rho_A.add(rows.rho_A), rho_beta.add(rows.rho_beta);
    Psi_e.add(rows.Psi_e), beta1_b.add(rows.beta1_b);
    beta1.reach(rows.beta1), dA.reach(rows.dA);
    D_dA.add(rows.D_dA), dA_dA.add(rows.dA_dA);
    for (std::size_t i = 0; i < D_b.size(); ++i) {
      D_b[i].add(rows.D_b[i]), beta_dA[i].add(rows.beta_dA[i]);
      flipped[i].add(rows.flipped[i]);
    }
    any_flips = any_flips || rows.any_flips;
  }
};

/// The largest of the norms whose squares these are.
Ball largest_norm(const std::vector<UpperBound>& squares) {
  UpperBound largest;
  for (const UpperBound& square : squares) largest.reach(square);
  return largest.root();
}

/// diag(x) A
BallMatrix scaled_rows(const std::vector<Ball>& x, const BallMatrix& A) {
  BallMatrix scaled(A.rows(), A.cols());
  for (std::size_t i = 0; i < A.rows(); ++i)
    for (std::size_t j = 0; j < A.cols(); ++j)
      arb_mul(scaled.entry(i, j), x[i].get(), A.entry(i, j), precision());
  return scaled;
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

Point::Point(std::size_t p, std::size_t n)
    : A(p, n), beta(p), Psi(p, n), D(p, n), e(n), Psi_e(p, 1), G(n, n) {}

namespace {

/// The same without the spectrum of G.
void set_products(const Problem& P, Point& z) {
  activate(P.activation, z.A, z.Psi, z.D);
  const Factor Psi(z.Psi);
  const std::vector<Ball> f = entries(transposed_product(Psi, column(z.beta)));
  for (std::size_t i = 0; i < P.n; ++i) z.e[i] = f[i] / P.sqrt_p - P.y[i];
  set_product(z.Psi_e, Psi, column(z.e));
  z.G = gram(Psi) / Ball::count(P.p);
  z.beta_norm = norm(z.beta);
}

Ball root_of_largest_eigenvalue(const BallMatrix& G) {
  return upper(sqrt(largest_eigenvalue_bound(G)));
}

}  // namespace

void complete(const Problem& P, Point& z) {
  set_products(P, z);
  z.sqrt_g = root_of_largest_eigenvalue(z.G);
}

Orbit::Orbit(const Problem& problem, const Start& start, double radius)
    : problem_(&problem),
      point_(problem.p, problem.n),
      next_(problem.p, problem.n),
      step_(problem.p, problem.n),
      A_start_(0, 0) {
  const Problem& P = problem;
  point_.beta = balls(start.beta);
  radii_.beta = radius;
  switch (start.kind) {
    case CertificateKind::from_initialisation: {
      BallMatrix A = product(matrix_from(start.W), transposed(matrix_from(start.X)));
      // |W' X^T - W X^T|_F <= |W' - W|_F |X|, and |X|^2 = |K|.
      radii_.A = upper(round_to_midpoints(A) + sqrt(P.K_norm) * radius);
      point_.A = std::move(A);
      break;
    }
    case CertificateKind::from_checkpoint:
      radii_.A = radius;
      point_.A = matrix_from(start.A);
      break;
  }
  complete(P, point_);
  radii_.e = upper(error_radius());
  require_signs();
  A_start_ = point_.A;
  beta_start_ = point_.beta;
  radii_start_ = radii_;
}

Ball Orbit::error_radius() const {
  const Problem& P = *problem_;
  return point_.sqrt_g * radii_.beta +
         P.psi.L1 * radii_.A * (point_.beta_norm + radii_.beta) / P.sqrt_p;
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

  // The exact step from the computed point: dA = -(eta / sqrt p) b o (D diag(e) K), beta1. Its
  // midpoints are the next point; what they miss goes into the residuals.
  const Ball rate = 0 - eta / sqrt_p;
  const Factor D(z.D);
  set_product(step_, D, scaled_rows(z.e, P.K));
  BallMatrix beta1_b(p, 1);
  std::vector<StepBounds> of_blocks(count_row_blocks(p, n), StepBounds(n));
  for_row_blocks(p, n, [&](const RowBlock& block) {
    StepBounds& sums = of_blocks[block.index];
    Ball beta1, moved, rate_b, dA, A1;
    UpperBound b2, beta2, D2, dA2;
    for (std::size_t r = block.first; r < block.last; ++r) {
      arb_mul(beta1.get(), keep.get(), z.beta[r].get(), precision());
      arb_mul(moved.get(), rate.get(), z.Psi_e.entry(r, 0), precision());
      arb_add(beta1.get(), beta1.get(), moved.get(), precision());
      arb_mul(beta1_b.entry(r, 0), beta1.get(), P.b[r].get(), precision());
      arb_mul(rate_b.get(), rate.get(), P.b[r].get(), precision());
      sums.Psi_e.add_square(z.Psi_e.entry(r, 0));
      sums.beta1_b.add_square(beta1_b.entry(r, 0));
      sums.beta1.reach(beta1.get());
      b2.set_square(P.b[r].get()), beta2.set_square(beta1.get());
      for (std::size_t i = 0; i < n; ++i) {
        arb_mul(dA.get(), step_.entry(r, i), rate_b.get(), precision());
        arb_add(A1.get(), z.A.entry(r, i), dA.get(), precision());
        sums.rho_A.add_square(arb_radref(A1.get()));
        take_midpoint(next_.A.entry(r, i), A1.get());
        sums.dA.reach(dA.get());
        dA2.set_square(dA.get()), D2.set_square(z.D.entry(r, i));
        sums.D_b[i].add_product(D2, b2);
        sums.beta_dA[i].add_product(dA2, beta2);
        sums.dA_dA.add_product(dA2, dA2);
        if (frozen_signs && !same_sign(z.A.entry(r, i), next_.A.entry(r, i))) {
          sums.any_flips = true;
          sums.flipped[i].add(beta2);
          sums.D_dA.add(dA2);  // |dPsi| <= |dA|, whatever psi' is on the way
        } else {
          sums.D_dA.add_product(D2, dA2);
        }
      }
      sums.rho_beta.add_square(arb_radref(beta1.get()));
      take_midpoint(next_.beta[r].get(), beta1.get());
    }
  });
  StepBounds sums(n);
  for (const StepBounds& block : of_blocks) sums.take(block);
  set_products(P, next_);

  const BallMatrix H = entrywise(P.K, weighted_gram(D, beta1_b) / Ball::count(p));
  BallMatrix N_matrix = z.G + H;
  arb_mat_scalar_mul_arb(N_matrix.get(), N_matrix.get(), eta.get(), precision());
  Ball c;
  do_both([&] { c = spectral_norm_bound(keep - N_matrix); },
          [&] { next_.sqrt_g = root_of_largest_eigenvalue(next_.G); });

  // The comparison system (B.3) to (B.9).
  const Ball rho_A = sums.rho_A.root(), rho_beta = sums.rho_beta.root();
  const Ball a_p = a / sqrt_p, u = sums.Psi_e.root() / sqrt_p;
  const Ball e_exact = e_norm + eps, e_exact_max = e_max + eps;
  const Ball N = sums.beta1_b.root() / sqrt_p, ch = largest_norm(sums.D_b) / sqrt_p;
  const Ball dm = sums.dA.value();
  const Ball nd = (sums.D_dA.root() + L2 / 2 * sums.dA_dA.root()) / sqrt_p;
  const Ball m1 = L2 * largest_norm(sums.beta_dA) / sqrt_p, m2 = L2 * sums.beta1.value() / sqrt_p;
  const Ball kap = eta * P.K_norm * (ch * eps + L2 * P.b_max * e_exact_max * a_p);
  const Ball x = a + kap / 2;
  const Ball d1 = abs(keep) * d + eta * (z.sqrt_g * eps + L1 * e_exact * a_p);
  Ball flip, dPsi_flip;  // relu: what changes of sign add, whatever beta1 is there
  if (sums.any_flips) {
    flip = largest_norm(sums.flipped) / sqrt_p * (a + kap);
    dPsi_flip = a;
  }
  const Ball eps1 =
      c * eps +
      eta * (L1 * a_p * (u + z.sqrt_g * eps) + (z.sqrt_g * L1 * a_p + square(L1 * a_p)) * e_exact) +
      nd * d1 + (L1 * kap + L2 * (dm + kap) * x + dPsi_flip) * d1 / sqrt_p + m1 * (a + kap) +
      m2 * kap * x + flip + eta * L1 * L2 * P.K_norm * N * e_exact_max * a_p;

  std::swap(point_, next_);
  radii_.A = upper(a + kap + rho_A);
  radii_.beta = upper(d1 + rho_beta);
  const Ball of_step =
      eps1 + point_.sqrt_g * rho_beta + L1 * (point_.beta_norm + rho_beta) * rho_A / sqrt_p;
  radii_.e = upper(min(of_step, error_radius()));
  require_signs();
}

Ball Orbit::error() const {
  return max(0, widened(norm(point_.e), radii_.e));
}

Ball Orbit::beta_displacement() const {
  Ball moved, sum;
  for (std::size_t r = 0; r < beta_start_.size(); ++r) {
    arb_sub(moved.get(), point_.beta[r].get(), beta_start_[r].get(), precision());
    arb_addmul(sum.get(), moved.get(), moved.get(), precision());
  }
  return max(0, widened(sqrt(sum), radii_.beta + radii_start_.beta));
}

Ball Orbit::A_displacement() const {
  const std::size_t n = problem_->n, p = problem_->p;
  std::vector<Ball> squares(count_row_blocks(p, n));
  for_row_blocks(p, n, [&](const RowBlock& block) {
    BallMatrix moved(1, n);
    const arb_ptr row = moved.entry(0, 0), sum = squares[block.index].get();
    for (std::size_t r = block.first; r < block.last; ++r) {
      for (std::size_t i = 0; i < n; ++i)
        arb_sub(moved.entry(0, i), point_.A.entry(r, i), A_start_.entry(r, i), precision());
      arb_dot(sum, sum, 0, row, 1, row, 1, static_cast<slong>(n), precision());
    }
  });
  Ball sum;
  for (const Ball& square : squares) sum += square;
  return max(0, widened(sqrt(sum), radii_.A + radii_start_.A));
}

}  // namespace alignproof::check
