// SPDX-License-Identifier: Apache-2.0
// How far runs from a neighbourhood of the initial data can come from the one in its middle: the
// comparison system of Theorem B (reports/docs/theorem_b.md, (B.3) to (B.9)) without residuals. In
// doubles, for proposals: alignproof-check evaluates its own.
#pragma once

#include <alignproof/dynamics/step.hpp>

namespace alignproof::inline certificates {

/// |e' - e|, |beta' - beta|, |A' - A|_F; infinite where nothing is known.
struct Distances {
  double e = 0, beta = 0, A = 0;
};

/// At the start, of all W(0), beta(0) within `radius` (Frobenius norm) of those of the state.
Distances distances_at_start(const Problem<double>& problem, const KernelState<double>& state,
                             const Forward<double>& at, double radius);

/// Of all A, beta within `radius` of those of the state.
Distances distances_around(const Problem<double>& problem, const KernelState<double>& state,
                           const Forward<double>& at, double radius);

/// After the step with penalty lambda from one state to the next.
Distances distances_after_step(const Problem<double>& problem, const KernelState<double>& state,
                               const Forward<double>& at, const KernelState<double>& next,
                               const Forward<double>& next_at, double lambda,
                               const Distances& before);

}  // namespace alignproof::inline certificates
