// SPDX-License-Identifier: Apache-2.0
// The limit kernel Gbar_ij = E psi(<w, x_i>) psi(<w, x_j>), w ~ N(0, I), as balls.
#pragma once

#include <optional>

#include <alignproof/format/instance.hpp>

#include "ball.hpp"
#include "matrix.hpp"

namespace alignproof::check {

/// Gbar from K = X X^T; nothing for activations that T1 excludes and that have no closed form here
/// (softplus, gelu), and for inputs longer than 1000 (tanh, sigmoid). Identity, relu and erf in closed form; tanh and sigmoid by Mehler's series
/// with a proven bound of its remainder: reports/docs/limit_kernel_enclosed.md.
std::optional<BallMatrix> limit_kernel(Activation activation, const BallMatrix& K);

}  // namespace alignproof::check
