// SPDX-License-Identifier: Apache-2.0
// The decision about a law certificate: values of the alignment law on isometric data.
#pragma once

#include <alignproof/format/law_certificate.hpp>

#include "verify.hpp"

namespace alignproof::check {

/// Decides at one precision, in the order of reports/docs/law_certificates.md: numbers, premises,
/// the bracket of M, claims. Ends at the first of these that is not proved. Throws InputError on
/// an activation whose law is not enclosed here.
Findings verify_at(const LawCertificate& certificate, long bits);
Findings verify_at(const LawCertificate& certificate, long bits, Budget& budget);

/// The work that the certificate may cost.
Budget budget_of(const LawCertificate& certificate);

/// `verify_at` with the precision doubled from `first_bits` while undecided, up to `last_bits` and
/// as far as the budget allows.
Findings verify(const LawCertificate& certificate, long first_bits, long last_bits);

}  // namespace alignproof::check
