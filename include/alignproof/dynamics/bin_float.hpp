// SPDX-License-Identifier: Apache-2.0
// The dynamics in cpp_bin_float, compiled once in the library.
#pragma once

#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/scalar/bin_float.hpp>

namespace alignproof {

ALIGNPROOF_DYNAMICS(extern, BinFloat100)

}  // namespace alignproof
