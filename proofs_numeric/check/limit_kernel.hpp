// SPDX-License-Identifier: Apache-2.0
// The limit kernel Gbar_ij = E psi(<w, x_i>) psi(<w, x_j>), w ~ N(0, I), as balls.
#pragma once

#include <alignproof/format/instance.hpp>

#include "antiperiodic.hpp"
#include "ball.hpp"
#include "matrix.hpp"

namespace alignproof::check {

/// Gbar from K = X X^T, for every activation, to about the precision of the innermost
/// PrecisionScope: identity, relu, erf and gelu in closed form, tanh, sigmoid and softplus by
/// series with a proved bound of their remainder: reports/docs/limit_kernel_enclosed.md. An entry
/// whose series would be too long is bounded by the difference of the two rows, and unknown where
/// that says nothing (long inputs that are nearly parallel; softplus of very long inputs).
BallMatrix limit_kernel(Activation activation, const BallMatrix& K);

/// The same within a budget: an entry that it does not pay for is as one whose series is too long.
/// If an entry of the diagonal is unknown, no pivot from there on is known: the budget gives up,
/// and no other entry is looked at.
BallMatrix limit_kernel(Activation activation, const BallMatrix& K, Budget& budget);

/// The same with another choice of the lengths of the series: the enclosure holds for any.
BallMatrix limit_kernel(Activation activation, const BallMatrix& K, const Effort& effort);

}  // namespace alignproof::check
