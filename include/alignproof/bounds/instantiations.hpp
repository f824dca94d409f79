// SPDX-License-Identifier: Apache-2.0
// The bounds in double, compiled once in the library; bounds/mpfr.hpp adds arbitrary precision.
#pragma once

#include <alignproof/bounds/rounding.hpp>
#include <alignproof/bounds/theorem_a.hpp>
#include <alignproof/dynamics/instantiations.hpp>

#define ALIGNPROOF_BOUNDS(EXTERN, Real)                                                            \
  EXTERN template StepRounding<Real> step_rounding<Real>(                                          \
      const Problem<Real>&, const KernelState<Real>&, const Forward<Real>&,                        \
      const KernelState<Real>&, const Forward<Real>&);                                             \
  EXTERN template Real second_order_rounding<Real>(const Problem<Real>&, const Transition<Real>&); \
  EXTERN template Real recursion_rounding<Real>(const Problem<Real>&, const Transition<Real>&);    \
  EXTERN template std::optional<CheckpointNumbers<Real>> checkpoint_numbers<Real>(                 \
      const Problem<Real>&, const Forward<Real>&, const KernelState<Real>&);

namespace alignproof {

ALIGNPROOF_BOUNDS(extern, double)

}  // namespace alignproof
