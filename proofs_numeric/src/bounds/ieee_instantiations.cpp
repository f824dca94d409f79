// SPDX-License-Identifier: Apache-2.0
// The one place where the bounds are compiled for double.
#include <alignproof/bounds/instantiations.hpp>

namespace alignproof {

ALIGNPROOF_BOUNDS(, double)

}  // namespace alignproof
