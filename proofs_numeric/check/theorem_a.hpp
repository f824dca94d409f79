// SPDX-License-Identifier: Apache-2.0
// The quantities of Theorem A, in the notation of reports/docs/theorem_a.md, as balls.
#pragma once

#include <vector>

#include <alignproof/format/certificate.hpp>

#include "ball.hpp"
#include "matrix.hpp"

namespace alignproof::check {

/// What Theorem A asks of the checkpoint, derived from X, y, b, A, beta alone.
struct Facts {
  BallMatrix K, G, M;  ///< n x n, symmetric
  Ball sqrt_p;
  Ball E{};                ///< |e|
  Ball B2{}, B4{}, Q{};    ///< mean b_r^2, mean b_r^4, mean |beta_r| b_r^2
  Ball kmax{};             ///< largest row norm of K
  Ball k_o_k{};            ///< |k o k|_2 of the row norms k
  Ball b_beta{};           ///< <b, beta>
  Ball b_norm{};           ///< |b|
  Ball beta_norm{};        ///< |beta|
  bool b_is_zero = false;  ///< exact: decided on the doubles
};

Facts derive_facts(const Checkpoint& checkpoint);

/// |psi'| <= L1, and psi' is L2-Lipschitz.
struct ActivationBounds {
  Ball L1, L2;
};

ActivationBounds activation_bounds(Activation activation);

/// The constants of Theorem A for a rate alpha > 0 and proved bounds of the spectra.
struct Constants {
  Ball R;
  Ball gbar;
  Ball dG, dH;
  Ball Cv;
  Ball rho;             ///< R sqrt(gbar), bounds |beta(t) - beta(0)|
  Ball A_displacement;  ///< bounds |A(t) - A(0)|_F
};

Constants theorem_a(const Facts& facts, const ActivationBounds& psi, const SpectralWitness& witness,
                    double alpha);

/// lower <= cos(b, beta(t)) <= upper whenever |beta(t) - beta| <= rho and the cosine is defined.
struct CosineBracket {
  Ball lower = -1, upper = 1;
  bool beta_never_zero = false;  ///< certainly rho < |beta|
};

CosineBracket cosine_bracket(const Facts& facts, const Ball& rho);

}  // namespace alignproof::check
