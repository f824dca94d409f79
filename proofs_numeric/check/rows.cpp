// SPDX-License-Identifier: Apache-2.0
// How far each hidden unit moves, in the notation of reports/docs/certificates.md.
#include <alignproof/core/no_fast_math.hpp>

#include "rows.hpp"

#include <algorithm>

#include "threads.hpp"

namespace alignproof::check {

namespace {

std::vector<Ball> row(const BallMatrix& A, std::size_t r) {
  std::vector<Ball> x;
  for (std::size_t i = 0; i < A.cols(); ++i) x.push_back(A.at(r, i));
  return x;
}

double largest(const Array& bounds, std::size_t column) {
  double value = bounds(0, column);
  for (std::size_t r = 1; r < bounds.rows(); ++r) value = std::max(value, bounds(r, column));
  return value;
}

}  // namespace

RowMotion::RowMotion(const Orbit& orbit)
    : Z_(orbit.problem().p, orbit.problem().n),
      A_start_(orbit.point().A),
      beta_start_(orbit.point().beta),
      beta_radius_start_(orbit.radii().beta) {}

void RowMotion::add_step(const Orbit& orbit) {
  const Problem& P = orbit.problem();
  const Point& z = orbit.point();
  const Ball rate = P.eta / P.sqrt_p;
  for_row_blocks(P.p, P.n, [&](const RowBlock& block) {
    Ball D_e;
    for (std::size_t r = block.first; r < block.last; ++r) {
      const Ball rate_b = rate * P.b[r];
      for (std::size_t i = 0; i < P.n; ++i) {
        arb_mul(D_e.get(), z.D.entry(r, i), z.e[i].get(), precision());
        arb_submul(Z_.entry(r, i), rate_b.get(), D_e.get(), precision());
      }
    }
  });
}

RowDisplacements RowMotion::at(const Orbit& orbit) const {
  const Problem& P = orbit.problem();
  const Ball& a = orbit.radii().A;
  const Ball W_radius = a / sqrt(P.K_norm);  // (C.2)
  RowDisplacements moved{std::vector<Ball>(P.p), std::vector<Ball>(P.p)};
  for_row_blocks(P.p, P.n, [&](const RowBlock& block) {
    Ball dA;
    for (std::size_t r = block.first; r < block.last; ++r) {
      const std::vector<Ball> z = row(Z_, r);
      Ball square_of_w;
      for (std::size_t i = 0; i < P.n; ++i) {
        arb_sub(dA.get(), orbit.point().A.entry(r, i), A_start_.entry(r, i), precision());
        arb_addmul(square_of_w.get(), z[i].get(), dA.get(), precision());
      }
      const Ball w = sqrt(max(0, widened(square_of_w, norm(z) * a)));  // (C.3)
      moved.w[r] = max(0, widened(w, W_radius));
      moved.beta[r] = max(0, widened(abs(orbit.point().beta[r] - beta_start_[r]),
                                     orbit.radii().beta + beta_radius_start_));
    }
  });
  return moved;
}

RowDisplacements row_displacements_after(const Orbit& orbit, const Ball& S) {
  const Problem& P = orbit.problem();
  const Ball& L1 = P.psi.L1;
  const std::vector<Ball> psi = row_norms(orbit.point().Psi);
  const Ball root_K = sqrt(P.K_norm), S_p = S / P.sqrt_p;
  RowDisplacements moved;
  for (std::size_t r = 0; r < P.p; ++r) {
    const Ball b = abs(P.b[r]);
    moved.w.push_back(b * L1 * root_K * S_p);                                   // (C.5)
    const Ball psi_r = psi[r] + L1 * orbit.radii().A;                           // |psi(a_r(T))|
    moved.beta.push_back(S_p * (psi_r + square(L1) * b * P.K_norm * S_p / 2));  // (C.6)
  }
  return moved;
}

Ball RowCheck::least_slack(std::size_t column, const std::vector<Ball>& moved) const {
  Ball least = claim_.bounds(0, column) - moved[0];
  for (std::size_t r = 1; r < moved.size(); ++r)
    least = min(least, claim_.bounds(r, column) - moved[r]);
  return least;
}

void RowCheck::observe(std::size_t t, const Orbit& orbit) {
  if (!motion_) motion_.emplace(orbit);
  last_ = motion_->at(orbit);
  w_.require(t, least_slack(0, last_.w), 0);
  beta_.require(t, least_slack(1, last_.beta), 0);
  motion_->add_step(orbit);
}

void RowCheck::conclude(std::vector<Condition>& conditions, const Orbit& orbit,
                        const Ball& S) const {
  RowDisplacements moved = last_;
  const RowDisplacements more = row_displacements_after(orbit, S);
  for (std::size_t r = 0; r < moved.w.size(); ++r)
    moved.w[r] += more.w[r], moved.beta[r] += more.beta[r];
  conditions.push_back(require_at_least("rows of rows.npy >= |w_r(t) - w_r(0)|, t >= T",
                                        least_slack(0, moved.w), 0));
  conditions.push_back(require_at_least("rows of rows.npy >= |beta_r(t) - beta_r(0)|, t >= T",
                                        least_slack(1, moved.beta), 0));
}

void check_published(std::vector<Condition>& conditions, const RowClaim& rows,
                     const DecayClaim& decay, std::size_t n) {
  const Ball p = Ball::count(rows.bounds.rows());
  const Ball scale = decay.gamma_max * sqrt(p);
  conditions.push_back(require_at_least(
      "c1 n sqrt(log p) >= gamma_max sqrt p times the bound of |w_r(t) - w_r(0)|",
      rows.published->c1 * Ball::count(n) * sqrt(log(p)), scale * largest(rows.bounds, 0)));
  conditions.push_back(
      require_at_least("c2 n >= gamma_max sqrt p times the bound of |beta_r(t) - beta_r(0)|",
                       rows.published->c2 * Ball::count(n), scale * largest(rows.bounds, 1)));
}

}  // namespace alignproof::check
