// SPDX-License-Identifier: Apache-2.0
// The precision of a matrix, for bounds of sums over its entries (scalar/upward.hpp).
#pragma once

#include <algorithm>
#include <type_traits>

#include <alignproof/linalg/matrix.hpp>

#include "scalar/upward.hpp"

namespace alignproof::inline linalg {

/// Largest two_u of the thread and of the entries.
template <class Real>
Real two_u_of(const Matrix<Real>& A) {
  Real worst = Format<Real>::two_u();
  if constexpr (!std::is_same_v<Real, double>)
    for (Eigen::Index k = 0; k < A.size(); ++k)
      worst = std::max(worst, Format<Real>::two_u(A.data()[k]));
  return worst;
}

}  // namespace alignproof::inline linalg
