// SPDX-License-Identifier: Apache-2.0
// The dynamics at arbitrary precision, compiled once in the library: include this beside the
// templates wherever Mpfr is used.
#pragma once

#include <alignproof/dynamics/recursion.hpp>
#include <alignproof/dynamics/run.hpp>
#include <alignproof/scalar/mpfr.hpp>

namespace alignproof {

extern template Problem<Mpfr> problem_from<Mpfr>(const Instance&, Rule);
extern template WeightState<Mpfr> initial_weights<Mpfr>(const Instance&);
extern template KernelState<Mpfr> initial_kernel<Mpfr>(const Problem<Mpfr>&, const Instance&);
extern template Matrix<Mpfr> pre_activations<Mpfr>(const Problem<Mpfr>&, const WeightState<Mpfr>&);
extern template void activate<Mpfr>(Activation, const Matrix<Mpfr>&, Matrix<Mpfr>&, Matrix<Mpfr>&);
extern template void forward<Mpfr, WeightState<Mpfr>>(const Problem<Mpfr>&,
                                                      const WeightState<Mpfr>&, Forward<Mpfr>&);
extern template void forward<Mpfr, KernelState<Mpfr>>(const Problem<Mpfr>&,
                                                      const KernelState<Mpfr>&, Forward<Mpfr>&);
extern template Matrix<Mpfr> hidden_update<Mpfr>(const Problem<Mpfr>&, const Forward<Mpfr>&,
                                                 const Vector<Mpfr>&);
extern template void step_beta<Mpfr>(const Problem<Mpfr>&, const Forward<Mpfr>&, std::size_t,
                                     Vector<Mpfr>&);
extern template void step<Mpfr>(const Problem<Mpfr>&, const Forward<Mpfr>&, std::size_t,
                                WeightState<Mpfr>&);
extern template void step<Mpfr>(const Problem<Mpfr>&, const Forward<Mpfr>&, std::size_t,
                                KernelState<Mpfr>&);
extern template Mpfr cosine<Mpfr>(const Vector<Mpfr>&, const Vector<Mpfr>&);
extern template Matrix<Mpfr> gram_G<Mpfr>(const Forward<Mpfr>&);
extern template Matrix<Mpfr> gram_H<Mpfr>(const Problem<Mpfr>&, const Forward<Mpfr>&,
                                          const Vector<Mpfr>&);
extern template Vector<Mpfr> second_order<Mpfr>(const Problem<Mpfr>&, const Transition<Mpfr>&);
extern template Vector<Mpfr> recursion_residual<Mpfr>(const Problem<Mpfr>&, const Transition<Mpfr>&,
                                                      std::size_t);

}  // namespace alignproof
