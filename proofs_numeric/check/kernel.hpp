// SPDX-License-Identifier: Apache-2.0
// The decision about a kernel certificate: gamma_lower <= lambda_min(Gbar) <= gamma_upper.
#pragma once

#include <alignproof/format/kernel_certificate.hpp>

#include "verify.hpp"

namespace alignproof::check {

/// Decides at one precision.
Findings verify_at(const KernelCertificate& certificate, long bits);

/// Doubles the precision from `first_bits` while undecided, up to `last_bits`.
Findings verify(const KernelCertificate& certificate, long first_bits, long last_bits);

}  // namespace alignproof::check
