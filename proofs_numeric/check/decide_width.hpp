// SPDX-License-Identifier: Apache-2.0
// The decision about a width certificate: T1, and T2, for every width from p on, with a probability
// over the initialisation.
#pragma once

#include <alignproof/format/width_certificate.hpp>

#include "verify.hpp"

namespace alignproof::check {

/// Decides at one precision, in the order of reports/docs/width_certificates.md: numbers and
/// shares, spectra, the good event, (P.5), claims. Ends at the first of these that is not proved.
/// Throws InputError on a variant of Theorem P that is not evaluated here.
Findings verify_at(const WidthCertificate& certificate, long bits);
Findings verify_at(const WidthCertificate& certificate, long bits, Budget& budget);

/// The work that the certificate may cost.
Budget budget_of(const WidthCertificate& certificate);

/// `verify_at` with the precision doubled from `first_bits` while undecided, up to `last_bits` and
/// as far as the budget allows.
Findings verify(const WidthCertificate& certificate, long first_bits, long last_bits);

}  // namespace alignproof::check
