// SPDX-License-Identifier: Apache-2.0
// The one place where the dynamics are compiled for Mpfr.
#include <alignproof/dynamics/mpfr.hpp>

namespace alignproof {

template Problem<Mpfr> problem_from<Mpfr>(const Instance&, Rule);
template WeightState<Mpfr> initial_weights<Mpfr>(const Instance&);
template KernelState<Mpfr> initial_kernel<Mpfr>(const Problem<Mpfr>&, const Instance&);
template Matrix<Mpfr> pre_activations<Mpfr>(const Problem<Mpfr>&, const WeightState<Mpfr>&);
template void activate<Mpfr>(Activation, const Matrix<Mpfr>&, Matrix<Mpfr>&, Matrix<Mpfr>&);
template void forward<Mpfr, WeightState<Mpfr>>(const Problem<Mpfr>&, const WeightState<Mpfr>&,
                                               Forward<Mpfr>&);
template void forward<Mpfr, KernelState<Mpfr>>(const Problem<Mpfr>&, const KernelState<Mpfr>&,
                                               Forward<Mpfr>&);
template Matrix<Mpfr> hidden_update<Mpfr>(const Problem<Mpfr>&, const Forward<Mpfr>&,
                                          const Vector<Mpfr>&);
template void step_beta<Mpfr>(const Problem<Mpfr>&, const Forward<Mpfr>&, std::size_t,
                              Vector<Mpfr>&);
template void step<Mpfr>(const Problem<Mpfr>&, const Forward<Mpfr>&, std::size_t,
                         WeightState<Mpfr>&);
template void step<Mpfr>(const Problem<Mpfr>&, const Forward<Mpfr>&, std::size_t,
                         KernelState<Mpfr>&);
template Mpfr cosine<Mpfr>(const Vector<Mpfr>&, const Vector<Mpfr>&);
template Matrix<Mpfr> gram_G<Mpfr>(const Forward<Mpfr>&);
template Matrix<Mpfr> gram_H<Mpfr>(const Problem<Mpfr>&, const Forward<Mpfr>&, const Vector<Mpfr>&);
template Vector<Mpfr> second_order<Mpfr>(const Problem<Mpfr>&, const Transition<Mpfr>&);
template Vector<Mpfr> recursion_residual<Mpfr>(const Problem<Mpfr>&, const Transition<Mpfr>&,
                                               std::size_t);

}  // namespace alignproof
