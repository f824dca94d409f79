// SPDX-License-Identifier: Apache-2.0
// The one place where the dynamics are compiled for Mpfr.
#include <alignproof/dynamics/mpfr.hpp>

namespace alignproof {

ALIGNPROOF_DYNAMICS(, Mpfr)

}  // namespace alignproof
