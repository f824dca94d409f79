// SPDX-License-Identifier: Apache-2.0
// The limit kernel Gbar_ij = E psi(<w, x_i>) psi(<w, x_j>), w ~ N(0, I), as balls.
#pragma once

#include <alignproof/format/instance.hpp>

#include "activation.hpp"
#include "antiperiodic.hpp"
#include "ball.hpp"
#include "matrix.hpp"

namespace alignproof::check {

/// Gbar from K = X X^T, for every activation that has a kernel here, to about the precision of the
/// innermost PrecisionScope: identity, relu, erf and gelu in closed form, tanh, sigmoid and
/// softplus by series with a proved bound of their remainder:
/// reports/docs/limit_kernel_enclosed.md. An entry whose series would be too long is bounded by the
/// difference of the two rows, and unknown where that says nothing (long inputs that are nearly
/// parallel; softplus of very long inputs).
BallMatrix limit_kernel(const Activation& activation, const BallMatrix& K);

/// The same within a budget: an entry that it does not pay for is as one whose series is too long.
/// If an entry of the diagonal is unknown, no pivot from there on is known: the budget gives up,
/// and no other entry is looked at.
BallMatrix limit_kernel(const Activation& activation, const BallMatrix& K, Budget& budget);

/// The same with another choice of the lengths of the series: the enclosure holds for any.
BallMatrix limit_kernel(const Activation& activation, const BallMatrix& K, const Effort& effort);

// ---- Of what the kernels of check/activations are made ----

/// The part of x in [-1, 1].
Ball clamp(const Ball& x);

using ClosedKernel = Ball (*)(const Ball& Kii, const Ball& Kij, const Ball& Kjj);
BallMatrix closed_form(const BallMatrix& K, ClosedKernel kernel);

/// E psi(u) psi(v) for psi = tanh, E (ln 2 + psi(u)) (ln 2 + psi(v)) for ln cosh.
BallMatrix by_series(Summand psi, const BallMatrix& C, const Effort& effort);

/// K / 4, exactly.
BallMatrix quarter(const BallMatrix& K);

}  // namespace alignproof::check
