// SPDX-License-Identifier: Apache-2.0
// The dynamics without rounding, for identity and ReLU: compiled once in the library.
#pragma once

#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/scalar/exact.hpp>

namespace alignproof {

ALIGNPROOF_FIELD_DYNAMICS(extern, Exact)

}  // namespace alignproof
