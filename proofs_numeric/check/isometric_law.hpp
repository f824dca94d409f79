// SPDX-License-Identifier: Apache-2.0
// The alignment law on isometric data, K = gamma I and M_i = +-M: its moments as functions of M.
// Derivation: reports/docs/law_certificates.md.
#pragma once

#include <alignproof/format/instance.hpp>

#include "ball.hpp"
#include "budget.hpp"

namespace alignproof::check {

/// With s = b gamma M, b ~ N(0, 1), q(s) = E psi(Phi_s(g)) and q2(s) = E psi(Phi_s(g))^2:
struct IsometricMoments {
  Ball g2;   ///< E q2
  Ball g11;  ///< E q^2
  Ball phi;  ///< E b q
};

/// Integrals from 0 to M.
struct IsometricIntegrals {
  Ball g2, g11;
};

struct IsometricLaw {
  IsometricMoments between;  ///< of every M from `low` to `high`
  IsometricIntegrals to_low, to_high;
};

/// Throws InputError, listing what is accepted, on an activation whose law is not enclosed here.
void require_isometric(const Activation& activation);

/// For gamma > 0 and exact 0 <= low <= high. Nothing is known where the work is not allowed.
IsometricLaw isometric_law(const Activation& activation, const Ball& gamma, const Ball& low,
                           const Ball& high, Budget& budget);

}  // namespace alignproof::check
