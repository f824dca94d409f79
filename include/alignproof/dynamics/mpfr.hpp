// SPDX-License-Identifier: Apache-2.0
// The dynamics at arbitrary precision, compiled once in the library: include this beside the
// templates wherever Mpfr is used.
#pragma once

#include <alignproof/dynamics/instantiations.hpp>
#include <alignproof/scalar/mpfr.hpp>

namespace alignproof {

ALIGNPROOF_DYNAMICS(extern, Mpfr)

}  // namespace alignproof
