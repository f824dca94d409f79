// SPDX-License-Identifier: Apache-2.0
// The one place where the dynamics are compiled for exact numbers.
#include <alignproof/dynamics/exact.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>

namespace alignproof {

ALIGNPROOF_FIELD_DYNAMICS(, Exact)
ALIGNPROOF_REDUCED(, Exact)

}  // namespace alignproof
