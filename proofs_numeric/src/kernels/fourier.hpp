// SPDX-License-Identifier: Apache-2.0
// E f(u) f(v) for f = tanh or ln(2 cosh) and Gaussian pairs (u, v), enclosed: f is made
// antiperiodic, and its Fourier series is integrated term by term. Private to the library; proofs:
// reports/docs/kernels.md, sections 3 to 5.
#pragma once

#include <vector>

#include <alignproof/core/parallel.hpp>
#include <alignproof/linalg/ball_matrix.hpp>
#include <alignproof/network/activation_definition.hpp>

#include "kernels/gram.hpp"

namespace alignproof::inline kernels {

using Series = KernelSeries;

/// Lengths chosen in doubles before the digits are known. Nothing is believed of them: the bounds
/// are evaluated for what was chosen.
struct RowPlan {
  double s = 0;             ///< |x_i|
  double L = 0;             ///< antiperiod
  long terms = 0;           ///< coefficients that some pair asks for
  long gaussian_terms = 0;  ///< terms of a sum over this row alone
};

struct FourierPlan {
  Series f;
  double goal;      ///< frequencies left out may cost e^-goal times the scale of the entry
  unsigned digits;  ///< to compute with
  std::vector<RowPlan> rows;
  double window_goal;  ///< as goal, for what lies outside the window
};

/// For `digits` proved digits: |error| <= 10^-digits m_i m_j, where m(s) is min(1, s) for tanh and
/// max(1, s) for ln(2 cosh). Throws InputError on samples longer than 1e100, and where nearly
/// parallel ones are so long that a pair needs more than 200000 coefficients or 10^8 terms.
FourierPlan plan_fourier(Series f, const ExactGram& K, unsigned digits);

/// The matrix (n x n, symmetric) at the plan's digits, which the thread must have; rows are shared
/// among `jobs` threads.
BallMatrix<Mpfr> fourier_kernel(const FourierPlan& plan, const ExactGram& K, std::size_t jobs,
                                Progress& progress);

}  // namespace alignproof::inline kernels
