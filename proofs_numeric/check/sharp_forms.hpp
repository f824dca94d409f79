// SPDX-License-Identifier: Apache-2.0
// The sharp forms of Theorem A: its bounds as polynomials in S = eta sum |e|, up to the S that the
// certificate states; notation and proofs: reports/docs/theorem_a_variants.md, sections 15 and 21.
#pragma once

#include <string>
#include <vector>

#include <alignproof/format/certificate.hpp>

#include "apriori.hpp"
#include "conditions.hpp"
#include "drift_tensor.hpp"
#include "orbit.hpp"
#include "theorem_a.hpp"

namespace alignproof::check {

/// What is known while eta sum |e(t)| <= S.
struct Growth {
  Polynomial D;     ///< M(t) >= M - D(S) I
  Polynomial rise;  ///< M(t) <= M + (D(S) + rise(S)) I
  Polynomial Cv;    ///< |v(t)| <= eta^2 Cv(S) |e(t)|^2
  Polynomial rho;   ///< |beta(t) - beta(T)| <= rho(S)
};

/// By norms alone, for the bootstrap: (A.68).
Growth growth(const Problem& problem, const Facts& facts, const SpectralWitness& witness);

/// With the linear part of the drift, of norm at most `linear`, at the checkpoint: (A.74).
Growth growth_of_second_order(const Problem& problem, const Facts& facts,
                              const SpectralWitness& witness, const DriftFacts& drift,
                              const Ball& linear);

/// Premises of the bootstrap and of the drift of second order, by the form of the leg; of the
/// constants of Theorem A what follows from them: R = S, rho and A_displacement.
Constants check_sharp_form(std::vector<Condition>& conditions, const std::string& name,
                           const Orbit& orbit, const Facts& facts, const Leg& leg);

}  // namespace alignproof::check
