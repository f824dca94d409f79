// SPDX-License-Identifier: Apache-2.0
// The quantities of Theorem A at an exact state near a computed point, in the notation of
// reports/docs/theorem_a.md, as balls.
#pragma once

#include <alignproof/format/certificate.hpp>

#include "ball.hpp"
#include "matrix.hpp"
#include "orbit.hpp"

namespace alignproof::check {

/// What Theorem A asks of the checkpoint: balls that hold the quantities of the exact state
/// (reports/docs/theorem_b.md, section 5).
struct Facts {
  BallMatrix G, M;        ///< n x n, symmetric, at the computed point
  Ball G_shift, M_shift;  ///< the exact G and M differ from these by at most so much (norm)
  Ball E;                 ///< |e|
  Ball Q;                 ///< an upper bound of mean |beta_r| b_r^2
  Ball b_beta;            ///< <b, beta>
  Ball beta_norm;         ///< |beta|
};

Facts facts_at(const Problem& problem, const Point& point, const Radii& radii);

/// The constants of Theorem A for a rate alpha > 0 and proved bounds of the spectra.
struct Constants {
  Ball R;
  Ball gbar;
  Ball dG, dH;
  Ball Cv;
  Ball rho;             ///< R sqrt(gbar), bounds |beta(t) - beta(T)|
  Ball A_displacement;  ///< bounds |A(t) - A(T)|_F
};

Constants theorem_a(const Problem& problem, const Facts& facts, const SpectralWitness& witness,
                    double alpha);

/// relu: min over r, i of |a_ri| - |b_r| L1 k_i R / sqrt p, for the exact state.
Ball sign_margin(const Problem& problem, const Point& point, const Radii& radii, const Ball& R);

/// lower <= cos(b, beta(t)) <= upper whenever |beta(t) - beta| <= rho and the cosine is defined.
struct CosineBracket {
  Ball lower = -1, upper = 1;
  bool defined = false;  ///< b is not 0, and certainly rho < |beta|
};

CosineBracket cosine_bracket(const Ball& b_beta, const Ball& b_norm, const Ball& beta_norm,
                             const Ball& rho);

}  // namespace alignproof::check
