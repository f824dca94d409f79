// SPDX-License-Identifier: Apache-2.0
// The one place where the bounds are compiled for Mpfr.
#include <alignproof/bounds/mpfr.hpp>

namespace alignproof {

ALIGNPROOF_BOUNDS(, Mpfr)
template Extremes<Mpfr> extreme_eigenvalues<Mpfr>(const Matrix<Mpfr>&);

}  // namespace alignproof
