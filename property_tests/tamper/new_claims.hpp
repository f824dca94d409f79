// SPDX-License-Identifier: Apache-2.0
// Claims of version 3 of the format: rows, the limit of beta, times to thresholds.
#pragma once

#include "tamper/alterations.hpp"

namespace alignproof::tamper {

/// Adds all of them to a certificate from the initialisation, each number drawn up to a random
/// relative slack of its 300-digit bound.
void add_new_claims(RunCertificate& c, Random& random);

/// One of them altered, dropped or put in the place of another.
void in_new_claims(Random& random, Altered& altered);

}  // namespace alignproof::tamper
