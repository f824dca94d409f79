// SPDX-License-Identifier: Apache-2.0
// The functions of the dynamics that are compiled once a number type, in the library: a header that
// brings a type lists them as `extern`, one source file defines them.
#pragma once

#include <alignproof/dynamics/recursion.hpp>
#include <alignproof/dynamics/run.hpp>

// What every field with an order has.
#define ALIGNPROOF_FIELD_DYNAMICS(EXTERN, Real)                                                    \
  EXTERN template Problem<Real> problem_from<Real>(const Instance&, LearningRule);                 \
  EXTERN template WeightState<Real> initial_weights<Real>(const Instance&);                        \
  EXTERN template KernelState<Real> initial_kernel<Real>(const Problem<Real>&, const Instance&);   \
  EXTERN template Matrix<Real> pre_activations<Real>(const Problem<Real>&,                         \
                                                     const WeightState<Real>&);                    \
  EXTERN template void activate<Real>(const Activation&, const Matrix<Real>&, Matrix<Real>&,       \
                                      Matrix<Real>&);                                              \
  EXTERN template void forward<Real, WeightState<Real>>(const Problem<Real>&,                      \
                                                        const WeightState<Real>&, Forward<Real>&); \
  EXTERN template void forward<Real, KernelState<Real>>(const Problem<Real>&,                      \
                                                        const KernelState<Real>&, Forward<Real>&); \
  EXTERN template Matrix<Real> feedback<Real>(const Problem<Real>&, const Matrix<Real>&,           \
                                              const Matrix<Real>&);                                \
  EXTERN template Matrix<Real> hidden_update<Real>(const Problem<Real>&, const Forward<Real>&,     \
                                                   const Matrix<Real>&, const Matrix<Real>&);      \
  EXTERN template void step_beta<Real>(const Problem<Real>&, const Forward<Real>&, std::size_t,    \
                                       Matrix<Real>&, Matrix<Real>&);                              \
  EXTERN template void step<Real>(const Problem<Real>&, const Forward<Real>&, std::size_t,         \
                                  WeightState<Real>&);                                             \
  EXTERN template void step<Real>(const Problem<Real>&, const Forward<Real>&, std::size_t,         \
                                  KernelState<Real>&);                                             \
  EXTERN template Matrix<Real> gram_G<Real>(const Forward<Real>&);                                 \
  EXTERN template Matrix<Real> gram_H<Real>(const Problem<Real>&, const Forward<Real>&,            \
                                            const Matrix<Real>&, const Matrix<Real>&);             \
  EXTERN template Matrix<Real> error_operator<Real>(const Problem<Real>&, const Forward<Real>&,    \
                                                    const Matrix<Real>&, const Matrix<Real>&);     \
  EXTERN template Matrix<Real> second_order<Real>(const Problem<Real>&, const Transition<Real>&);  \
  EXTERN template Matrix<Real> recursion_residual<Real>(const Problem<Real>&,                      \
                                                        const Transition<Real>&, std::size_t);

// What needs norms, hence square roots of any number.
#define ALIGNPROOF_DYNAMICS(EXTERN, Real)                                            \
  ALIGNPROOF_FIELD_DYNAMICS(EXTERN, Real)                                            \
  EXTERN template Real cosine<Real>(const Matrix<Real>&, const Matrix<Real>&);       \
  EXTERN template Real signal_cosine<Real>(const Matrix<Real>&, const Matrix<Real>&, \
                                           const Matrix<Real>&);

namespace alignproof {

ALIGNPROOF_DYNAMICS(extern, double)
ALIGNPROOF_DYNAMICS(extern, float)

}  // namespace alignproof
