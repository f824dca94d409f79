// SPDX-License-Identifier: Apache-2.0
// The one place where the dynamics are compiled for cpp_bin_float of 100 digits.
#include <alignproof/dynamics/bin_float.hpp>

namespace alignproof {

ALIGNPROOF_DYNAMICS(, BinFloat100)

}  // namespace alignproof
