// SPDX-License-Identifier: Apache-2.0
// The one place where the dynamics are compiled for exact numbers.
#include <alignproof/dynamics/exact.hpp>

namespace alignproof {

ALIGNPROOF_FIELD_DYNAMICS(, Exact)

}  // namespace alignproof
