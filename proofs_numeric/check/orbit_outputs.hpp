// SPDX-License-Identifier: Apache-2.0
// Theorem B for k outputs and for backpropagation: a computed orbit with bounds of its distance to
// the exact one, in the notation of reports/docs/theorem_b_outputs.md.
#pragma once

#include <vector>

#include <alignproof/format/certificate.hpp>

#include "activation.hpp"
#include "ball.hpp"
#include "matrix.hpp"
#include "orbit.hpp"

namespace alignproof::check {

/// What does not change along the orbit. K_norm is an upper bound of |K| that must be proved:
/// everything below rests on it.
struct OutputsProblem {
  bool bp;  ///< the error returns through c = beta, else through c = b
  Activation activation;
  ActivationBounds psi;
  std::size_t n, p, k;
  Ball eta, sqrt_p;
  BallMatrix y, b;  ///< n x k and p x k
  BallMatrix K;
  Ball K_norm;
  std::vector<Ball> k_norm;  ///< the row norms of K
  Ball kmax, k_o_k;          ///< the largest of them, and |k o k|_2
};

OutputsProblem outputs_problem_from(const Start& start, double K_norm);

/// A point of the computed orbit with what follows from it.
struct OutputsPoint {
  BallMatrix A, beta;  ///< p x n and p x k
  BallMatrix Psi, D;   ///< psi(A), psi'(A)
  BallMatrix e;        ///< Psi^T beta / sqrt p - y, n x k
  BallMatrix G;        ///< Psi^T Psi / p
  Ball sqrt_g;         ///< >= |Psi| / sqrt p, exact
};

OutputsPoint outputs_point_at(const OutputsProblem& problem, BallMatrix A, BallMatrix beta);

/// What the error returns through: b or beta, p x k.
const BallMatrix& returned_through(const OutputsProblem& problem, const OutputsPoint& point);

/// All entries S_ri B_rc, p x nk with the column i k + c.
BallMatrix products_of_rows(const BallMatrix& S, const BallMatrix& B);

/// G (x) I + K o (left^T right) / p with K_ij for the block (i, j): nk x nk with the index i k + c.
/// For the columns psi'_ri beta_rc and psi'_rj c_rc this is M (A.25).
BallMatrix error_operator(const OutputsProblem& problem, const BallMatrix& G,
                          const BallMatrix& left, const BallMatrix& right);

/// <b, beta>_F
Ball inner_product(const BallMatrix& b, const BallMatrix& beta);

/// The orbit of the exact dynamics started at data within `radius` of the stored ones, followed as
/// a computed point and its radii.
class OutputsOrbit {
 public:
  OutputsOrbit(const OutputsProblem& problem, const Start& start, double radius);

  /// One step with the penalty lambda(t).
  void advance(double lambda);

  const OutputsProblem& problem() const { return *problem_; }
  const OutputsPoint& point() const { return point_; }
  const Radii& radii() const { return radii_; }

  /// |e(t)|_F of the exact orbit.
  Ball error() const;
  /// |beta(t) - beta(0)|_F and |A(t) - A(0)|_F of the exact orbit.
  Ball beta_displacement() const;
  Ball A_displacement() const;

 private:
  /// relu: no bound holds unless all signs of A are those of the computed point.
  void require_signs();

  const OutputsProblem* problem_;
  OutputsPoint point_;
  Radii radii_;
  BallMatrix A_start_, beta_start_;
  Radii radii_start_;
};

}  // namespace alignproof::check
