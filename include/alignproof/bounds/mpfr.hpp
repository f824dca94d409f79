// SPDX-License-Identifier: Apache-2.0
// The bounds at arbitrary precision, compiled once in the library.
#pragma once

#include <alignproof/bounds/rounding.hpp>
#include <alignproof/bounds/theorem_a.hpp>
#include <alignproof/dynamics/mpfr.hpp>

namespace alignproof {

extern template StepRounding<Mpfr> step_rounding<Mpfr>(const Problem<Mpfr>&,
                                                       const KernelState<Mpfr>&,
                                                       const Forward<Mpfr>&,
                                                       const KernelState<Mpfr>&,
                                                       const Forward<Mpfr>&);
extern template Mpfr second_order_rounding<Mpfr>(const Problem<Mpfr>&, const Transition<Mpfr>&);
extern template Mpfr recursion_rounding<Mpfr>(const Problem<Mpfr>&, const Transition<Mpfr>&);
extern template Extremes<Mpfr> extreme_eigenvalues<Mpfr>(const Matrix<Mpfr>&);
extern template std::optional<CheckpointNumbers<Mpfr>> checkpoint_numbers<Mpfr>(
    const Problem<Mpfr>&, const Forward<Mpfr>&, const Matrix<Mpfr>&);

}  // namespace alignproof
