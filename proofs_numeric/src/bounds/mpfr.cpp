// SPDX-License-Identifier: Apache-2.0
// The one place where the bounds are compiled for Mpfr.
#include <alignproof/bounds/mpfr.hpp>

namespace alignproof {

template StepRounding<Mpfr> step_rounding<Mpfr>(const Problem<Mpfr>&, const KernelState<Mpfr>&,
                                                const Forward<Mpfr>&, const KernelState<Mpfr>&,
                                                const Forward<Mpfr>&);
template Mpfr second_order_rounding<Mpfr>(const Problem<Mpfr>&, const Transition<Mpfr>&);
template Mpfr recursion_rounding<Mpfr>(const Problem<Mpfr>&, const Transition<Mpfr>&);
template Extremes<Mpfr> extreme_eigenvalues<Mpfr>(const Matrix<Mpfr>&);
template std::optional<CheckpointNumbers<Mpfr>> checkpoint_numbers<Mpfr>(const Problem<Mpfr>&,
                                                                         const Forward<Mpfr>&,
                                                                         const Matrix<Mpfr>&);

}  // namespace alignproof
