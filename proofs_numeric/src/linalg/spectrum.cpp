// SPDX-License-Identifier: Apache-2.0
#include <alignproof/linalg/spectrum.hpp>

namespace alignproof::inline linalg {

template Extremes<double> extreme_eigenvalues<double>(const Matrix<double>&);

}  // namespace alignproof::inline linalg
