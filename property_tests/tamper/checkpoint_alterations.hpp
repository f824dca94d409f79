// SPDX-License-Identifier: Apache-2.0
// Alterations of a certificate from a checkpoint.
#pragma once

#include "tamper/alterations.hpp"

namespace alignproof::tamper {

/// Numbers of the centre in place of those of the ball around it: one, or all of them.
void to_centre(Random& random, Altered& altered);
/// relu: a pre-activation about as close to 0 as it may be.
void to_kink(Random& random, Altered& altered);
/// beta so short that it may vanish, and a claim about its direction.
void to_short_beta(Random& random, Altered& altered);

}  // namespace alignproof::tamper
