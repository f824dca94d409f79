// SPDX-License-Identifier: Apache-2.0
// Theorem A for k outputs and for backpropagation, from a checkpoint; notation and proofs:
// reports/docs/theorem_a_variants.md.
#pragma once

#include <vector>

#include <alignproof/format/certificate.hpp>

#include "verify.hpp"

namespace alignproof::check {

/// Appends every condition of a certificate that is not `plain`. Returns whether the cosine is
/// defined for all t.
bool check_variant(std::vector<Condition>& conditions, const RunCertificate& certificate);

}  // namespace alignproof::check
