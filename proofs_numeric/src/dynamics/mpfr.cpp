// SPDX-License-Identifier: Apache-2.0
// The one place where the dynamics are compiled for Mpfr.
#include <alignproof/dynamics/mpfr.hpp>
#include <alignproof/dynamics/reduced_instantiations.hpp>

namespace alignproof {

ALIGNPROOF_DYNAMICS(, Mpfr)
ALIGNPROOF_REDUCED(, Mpfr)

}  // namespace alignproof
