// SPDX-License-Identifier: Apache-2.0
// The bounds at arbitrary precision, compiled once in the library.
#pragma once

#include <alignproof/bounds/instantiations.hpp>
#include <alignproof/dynamics/mpfr.hpp>

namespace alignproof {

ALIGNPROOF_BOUNDS(extern, Mpfr)
extern template Extremes<Mpfr> extreme_eigenvalues<Mpfr>(const Matrix<Mpfr>&);

}  // namespace alignproof
