// SPDX-License-Identifier: Apache-2.0
// The one place where the dynamics are compiled for double and float.
#include <alignproof/dynamics/instances.hpp>

namespace alignproof {

ALIGNPROOF_DYNAMICS(, double)
ALIGNPROOF_DYNAMICS(, float)

}  // namespace alignproof
