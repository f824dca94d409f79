// SPDX-License-Identifier: Apache-2.0
// Small runs of feedback alignment and the constants of Theorem A in plain long double: a second
// computation of everything the checker computes, sharing no code with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <alignproof/format/certificate.hpp>

namespace alignproof::test {

using Real = long double;
using Matrix = std::vector<std::vector<Real>>;

struct Spec {
  std::size_t n = 3, d = 5, p = 400;
  Activation activation = Activation::tanh;
  double eta = 0.2;
  std::uint64_t seed = 1;
};

/// The state after `steps` steps from Gaussian initial data, inputs of unit length.
Start run(const Spec& spec, std::size_t steps);
/// One step of the dynamics in place.
void step(Start& state);

/// The quantities of reports/docs/theorem_a.md at the checkpoint; spectra by Jacobi rotations.
struct Quantities {
  std::size_t p = 0;
  Real L1 = 1, L2 = 0;
  Real E = 0, M_min = 0, M_max = 0, G_max = 0, K_norm = 0;
  Real B2 = 0, B4 = 0, Q = 0, kmax = 0, k_o_k = 0, b_beta = 0, b_norm = 0, beta_norm = 0;
};

Quantities quantities(const Start& state);
Real error_norm(const Start& state);
/// Chooses y such that every entry of e is `error`, up to rounding.
void set_error(Start& state, Real error);

/// What follows from a rate alpha and the witness.
struct Derived {
  Real dG = 0, dH = 0, Cv = 0;
  Real beta_displacement = 0, A_displacement = 0, cos_min = -1, cos_max = 1;
  Real rate_margin = 0;  ///< M_min - dG - dH - eta Cv E - alpha
  Real step_margin = 0;  ///< 2 - eta alpha - eta^2 Cv E - eta (M_max + dG + dH)
};

Derived derive(const Quantities& x, const SpectralWitness& witness, Real eta, Real alpha);

/// A certificate whose numbers are all `slack` (relative) on the safe side of their bounds, with
/// the rate alpha = fraction * M_min.
RunCertificate certify(const Start& state, Real fraction, Real slack = 1e-12L);

/// Runs until Theorem A closes with alpha = fraction * M_min and margins to spare.
RunCertificate closing_certificate(const Spec& spec, Real fraction = 0.6L);

/// The point of [low, high] where a function that is positive at `low` turns negative.
Real root(const std::function<Real(Real)>& f, Real low, Real high);

}  // namespace alignproof::test
