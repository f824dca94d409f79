// SPDX-License-Identifier: Apache-2.0
// The decision about a kernel certificate: gamma_lower <= lambda_min(Gbar) <= gamma_upper.
#pragma once

#include <alignproof/format/kernel_certificate.hpp>

#include "verify.hpp"

namespace alignproof::check {

/// Decides at one precision.
Findings verify_at(const KernelCertificate& certificate, long bits);
Findings verify_at(const KernelCertificate& certificate, long bits, Budget& budget);

/// The work that the certificate may cost.
Budget budget_of(const KernelCertificate& certificate);

/// `verify_at` with the precision doubled from `first_bits` while undecided, up to `last_bits` and
/// as far as the budget allows.
Findings verify(const KernelCertificate& certificate, long first_bits, long last_bits);

}  // namespace alignproof::check
