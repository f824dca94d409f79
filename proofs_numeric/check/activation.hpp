// SPDX-License-Identifier: Apache-2.0
// Activations as balls, and the constants of them that the theorems use.
#pragma once

#include <alignproof/format/instance.hpp>

#include "ball.hpp"

namespace alignproof::check {

/// psi(a) and psi'(a). For relu psi'(0) = 0 stands for no derivative: whoever uses it proves that a
/// is not 0.
struct Activated {
  Ball psi, dpsi;
};

Activated activate(Activation activation, const Ball& a);

/// |psi'| <= L1, and psi' is L2-Lipschitz; for relu on a region where no sign changes. Derivation:
/// reports/docs/activations.md.
struct ActivationBounds {
  Ball L1, L2;
  bool frozen_signs;  ///< relu: the region must be shown to hold no change of sign
};

ActivationBounds activation_bounds(Activation activation);

}  // namespace alignproof::check
