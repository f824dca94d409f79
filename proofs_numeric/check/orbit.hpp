// SPDX-License-Identifier: Apache-2.0
// Theorem B: a computed orbit with bounds of its distance to the exact one, in the notation of
// reports/docs/theorem_b.md.
#pragma once

#include <vector>

#include <alignproof/format/certificate.hpp>

#include "activation.hpp"
#include "ball.hpp"
#include "matrix.hpp"

namespace alignproof::check {

/// Both certainly positive, or both certainly negative: a number that may be 0 has no sign.
bool same_sign(arb_srcptr x, arb_srcptr y);
/// Splits x into exact midpoints, which stay, and the norm of the radii, which is returned.
Ball round_to_midpoints(BallMatrix& x);

/// What does not change along the orbit. K_norm is an upper bound of |K| that must be proved:
/// everything below rests on it.
struct Problem {
  Activation activation;
  ActivationBounds psi;
  std::size_t n, p;
  Ball eta, sqrt_p;
  std::vector<Ball> y, b;
  BallMatrix K;
  Ball K_norm;
  Ball kmax, k_o_k;     ///< largest row norm of K, |k o k|_2 of the row norms
  std::vector<Ball> k;  ///< the row norms
  Ball b_norm, b_max;   ///< |b|, largest |b_r|
  Ball B2, B4;          ///< mean b_r^2, mean b_r^4
};

Problem problem_from(const Start& start, double K_norm);

/// A point of the computed orbit, every entry exact, with what follows from it.
struct Point {
  /// All zeros.
  Point(std::size_t p, std::size_t n);

  BallMatrix A;  ///< p x n
  std::vector<Ball> beta;
  BallMatrix Psi, D;    ///< psi(A), psi'(A)
  std::vector<Ball> e;  ///< Psi^T beta / sqrt p - y
  BallMatrix Psi_e;     ///< Psi e
  BallMatrix G;         ///< Psi^T Psi / p
  Ball sqrt_g;          ///< >= |Psi| / sqrt p, exact
  Ball beta_norm;       ///< |beta|
};

/// Of a point whose A and beta are set, all that follows.
void complete(const Problem& problem, Point& z);

/// The exact orbit lies within these distances of the computed point: |e - e~|, |beta - beta~| and
/// |A - A~|_F. Exact numbers, or not finite if nothing is known.
struct Radii {
  Ball e, beta, A;
};

/// The orbit of the exact dynamics started at data within `radius` of the stored ones, followed as
/// a computed point and its radii.
class Orbit {
 public:
  Orbit(const Problem& problem, const Start& start, double radius);

  /// One step with the penalty lambda(t).
  void advance(double lambda);

  const Problem& problem() const { return *problem_; }
  const Point& point() const { return point_; }
  const Radii& radii() const { return radii_; }

  /// |e(t)| of the exact orbit.
  Ball error() const;
  /// |beta(t) - beta(0)| and |A(t) - A(0)|_F of the exact orbit.
  Ball beta_displacement() const;
  Ball A_displacement() const;

 private:
  /// relu: no bound holds unless all signs of A are those of the computed point.
  void require_signs();

  /// (B.9) of the point with these radii.
  Ball error_radius() const;

  const Problem* problem_;
  Point point_, next_;  ///< the next one's place is kept from step to step
  BallMatrix step_;     ///< p x n, likewise
  Radii radii_;
  BallMatrix A_start_;
  std::vector<Ball> beta_start_;
  Radii radii_start_;
};

}  // namespace alignproof::check
