// SPDX-License-Identifier: Apache-2.0
// The radii of psi and psi' over balls, from values at the midpoints. Private to the library.
#pragma once

#include <alignproof/network/ball_activation.hpp>

namespace alignproof::inline network {

/// Given Psi and D at the midpoints of A, radii for all of A. Where a ball of ReLU has 0 inside, D
/// becomes the ball [0, 1].
template <class Real>
void activation_radii(const Activation& psi, const ActivationBounds<Real>& bounds,
                      const BallMatrix<Real>& A, BallMatrix<Real>& Psi, BallMatrix<Real>& D);

}  // namespace alignproof::inline network
