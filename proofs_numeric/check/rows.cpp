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

BallMatrix column(const std::vector<Ball>& x) {
  BallMatrix A(x.size(), 1);
  for (std::size_t r = 0; r < x.size(); ++r) A.set(r, 0, x[r]);
  return A;
}

/// p x k.
BallMatrix beta_of(const Orbit& orbit) {
  return column(orbit.point().beta);
}
BallMatrix beta_of(const OutputsOrbit& orbit) {
  return orbit.point().beta;
}

/// rate <c_r, e_i> of all i: what the samples send back to a row.
std::vector<Ball> sent_back(const Orbit& orbit, std::size_t r, const Ball& rate) {
  const Ball rate_b = rate * orbit.problem().b[r];
  std::vector<Ball> sent;
  for (const Ball& e : orbit.point().e) sent.push_back(rate_b * e);
  return sent;
}
std::vector<Ball> sent_back(const OutputsOrbit& orbit, std::size_t r, const Ball& rate) {
  const BallMatrix &c = returned_through(orbit.problem(), orbit.point()), &e = orbit.point().e;
  std::vector<Ball> sent(e.rows());
  for (std::size_t i = 0; i < e.rows(); ++i) {
    for (std::size_t o = 0; o < e.cols(); ++o) sent[i] += c.at(r, o) * e.at(i, o);
    sent[i] = rate * sent[i];
  }
  return sent;
}

/// Bounds of |c_r(t)| for all t from here on, where beta moves by rho at most.
std::vector<Ball> feedback_sizes(const Orbit& orbit, const Ball&) {
  return row_norms(column(orbit.problem().b));
}
std::vector<Ball> feedback_sizes(const OutputsOrbit& orbit, const Ball& rho) {
  const OutputsProblem& P = orbit.problem();
  std::vector<Ball> sizes = row_norms(returned_through(P, orbit.point()));
  if (P.bp)
    for (Ball& size : sizes) size += orbit.radii().beta + rho;
  return sizes;
}

double largest(const Array& bounds, std::size_t column) {
  double value = bounds(0, column);
  for (std::size_t r = 1; r < bounds.rows(); ++r) value = std::max(value, bounds(r, column));
  return value;
}

}  // namespace

template <class AnyOrbit>
RowMotion<AnyOrbit>::RowMotion(const AnyOrbit& orbit)
    : Z_(orbit.problem().p, orbit.problem().n),
      A_start_(orbit.point().A),
      beta_start_(beta_of(orbit)),
      beta_radius_start_(orbit.radii().beta) {}

template <class AnyOrbit>
void RowMotion<AnyOrbit>::add_step(const AnyOrbit& orbit) {
  const auto& P = orbit.problem();
  const Ball rate = P.eta / P.sqrt_p;
  for_row_blocks(P.p, P.n, [&](const RowBlock& block) {
    for (std::size_t r = block.first; r < block.last; ++r) {
      const std::vector<Ball> sent = sent_back(orbit, r, rate);
      for (std::size_t i = 0; i < P.n; ++i)
        arb_submul(Z_.entry(r, i), orbit.point().D.entry(r, i), sent[i].get(), precision());
    }
  });
}

template <class AnyOrbit>
RowDisplacements RowMotion<AnyOrbit>::at(const AnyOrbit& orbit) const {
  const auto& P = orbit.problem();
  const Ball& a = orbit.radii().A;
  const Ball W_radius = a / sqrt(P.K_norm);  // (C.2)
  const std::vector<Ball> beta_moved = row_norms(beta_of(orbit) - beta_start_);
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
      moved.beta[r] = max(0, widened(beta_moved[r], orbit.radii().beta + beta_radius_start_));
    }
  });
  return moved;
}

template <class AnyOrbit>
RowDisplacements row_displacements_after(const AnyOrbit& orbit, const Ball& S, const Ball& rho) {
  const auto& P = orbit.problem();
  const Ball& L1 = P.psi.L1;
  const std::vector<Ball> psi = row_norms(orbit.point().Psi), c = feedback_sizes(orbit, rho);
  const Ball root_K = sqrt(P.K_norm), S_p = S / P.sqrt_p;
  RowDisplacements moved;
  for (std::size_t r = 0; r < P.p; ++r) {
    moved.w.push_back(c[r] * L1 * root_K * S_p);                                   // (C.5)
    const Ball psi_r = psi[r] + L1 * orbit.radii().A;                              // |psi(a_r(T))|
    moved.beta.push_back(S_p * (psi_r + square(L1) * c[r] * P.K_norm * S_p / 2));  // (C.6)
  }
  return moved;
}

template <class AnyOrbit>
Ball RowCheck<AnyOrbit>::least_slack(std::size_t column, const std::vector<Ball>& moved) const {
  Ball least = claim_.bounds(0, column) - moved[0];
  for (std::size_t r = 1; r < moved.size(); ++r)
    least = min(least, claim_.bounds(r, column) - moved[r]);
  return least;
}

template <class AnyOrbit>
void RowCheck<AnyOrbit>::observe(std::size_t t, const AnyOrbit& orbit) {
  if (!motion_) motion_.emplace(orbit);
  last_ = motion_->at(orbit);
  w_.require(t, least_slack(0, last_.w), 0);
  beta_.require(t, least_slack(1, last_.beta), 0);
  motion_->add_step(orbit);
}

template <class AnyOrbit>
void RowCheck<AnyOrbit>::conclude(std::vector<Condition>& conditions, const AnyOrbit& orbit,
                                  const Ball& S, const Ball& rho) const {
  RowDisplacements moved = last_;
  const RowDisplacements more = row_displacements_after(orbit, S, rho);
  for (std::size_t r = 0; r < moved.w.size(); ++r)
    moved.w[r] += more.w[r], moved.beta[r] += more.beta[r];
  conditions.push_back(require_at_least("rows of rows.npy >= |w_r(t) - w_r(0)|, t >= T",
                                        least_slack(0, moved.w), 0));
  conditions.push_back(require_at_least("rows of rows.npy >= |beta_r(t) - beta_r(0)|, t >= T",
                                        least_slack(1, moved.beta), 0));
}

template class RowMotion<Orbit>;
template class RowMotion<OutputsOrbit>;
template class RowCheck<Orbit>;
template class RowCheck<OutputsOrbit>;
template RowDisplacements row_displacements_after(const Orbit&, const Ball&, const Ball&);
template RowDisplacements row_displacements_after(const OutputsOrbit&, const Ball&, const Ball&);

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
