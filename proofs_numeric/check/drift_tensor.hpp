// SPDX-License-Identifier: Apache-2.0
// The part of the drift of M that is linear in sigma = eta sum e, as a tensor at the checkpoint;
// notation and proofs: reports/docs/theorem_a_variants.md, section 21.
#pragma once

#include <alignproof/format/instance.hpp>

#include "ball.hpp"
#include "matrix.hpp"
#include "orbit.hpp"

namespace alignproof::check {

/// Throws InputError, with the reason, on an activation whose psi'' has no Lipschitz constant here.
void require_third_derivative(const Activation& activation);

/// What the drift of second order asks of the checkpoint, beyond the facts of Theorem A.
struct DriftFacts {
  BallMatrix
      T;       ///< n^2 x n, at the computed point: T sigma holds L(sigma), row i n + j entry (i, j)
  Ball shift;  ///< |L(sigma)| at the exact state exceeds |T| |sigma| by at most shift |sigma|
  Ball Q3;     ///< an upper bound of mean |beta_r| |b_r|^3
  Ball L3;     ///< psi'' is L3-Lipschitz; 0 where signs are frozen
};

DriftFacts drift_facts_at(const Problem& problem, const Point& point, const Radii& radii);

}  // namespace alignproof::check
