// SPDX-License-Identifier: Apache-2.0
// The one place where the dynamics are compiled for double and float.
#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>

namespace alignproof {

ALIGNPROOF_DYNAMICS(, double)
ALIGNPROOF_DYNAMICS(, float)
ALIGNPROOF_REDUCED(, double)
ALIGNPROOF_REDUCED(, float)

}  // namespace alignproof
