// SPDX-License-Identifier: Apache-2.0
// Theorem A for k outputs and for backpropagation; notation and proofs:
// reports/docs/theorem_a_variants.md.
#pragma once

#include <string>
#include <vector>

#include <alignproof/format/certificate.hpp>

#include "orbit_outputs.hpp"
#include "verify.hpp"

namespace alignproof::check {

/// What is known of the exact state beside a computed point: balls that hold its distances from the
/// point's A and beta, and |e|.
struct ExactState {
  Ball from_A, from_beta, error;
};

/// Appends every condition of a leg but that of K_norm, which must be proved beside it. Returns
/// whether the cosine is defined from then on.
bool check_variant_leg(std::vector<Condition>& conditions, const std::string& name,
                       const OutputsProblem& problem, const OutputsPoint& point,
                       const ExactState& exact, const Leg& leg);

/// Appends every condition of a certificate from a checkpoint that is not `plain`. Returns whether
/// the cosine is defined for all t.
bool check_variant(std::vector<Condition>& conditions, const RunCertificate& certificate);

}  // namespace alignproof::check
