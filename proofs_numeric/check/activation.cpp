// SPDX-License-Identifier: Apache-2.0
// Activations as balls, and the constants of them that the theorems use.
#include <alignproof/core/no_fast_math.hpp>

#include "activation.hpp"

#include <stdexcept>

namespace alignproof::check {

Activated activate(Activation activation, const Ball& a) {
  switch (activation) {
    case Activation::identity:
      return {a, 1};
    case Activation::tanh: {
      const Ball psi = tanh(a);
      return {psi, 1 - square(psi)};
    }
    case Activation::relu:
      return arb_is_positive(a.get()) ? Activated{a, 1} : Activated{0, 0};
    case Activation::sigmoid: {
      const Ball psi = 1 / (1 + exp(0 - a));
      return {psi, psi * (1 - psi)};
    }
    case Activation::softplus: {
      const Ball small = exp(0 - abs(a));
      return {max(a, 0) + log1p(small), 1 / (1 + exp(0 - a))};
    }
    case Activation::erf:
      return {erf(a), 2 * exp(0 - square(a)) / sqrt(pi())};
    case Activation::gelu: {
      const Ball Phi = erfc(0 - a / sqrt(2)) / 2;
      return {a * Phi, Phi + a * exp(0 - square(a) / 2) / sqrt(2 * pi())};
    }
  }
  throw std::logic_error("no such activation");
}

ActivationBounds activation_bounds(Activation activation) {
  switch (activation) {
    case Activation::identity:
      return {.L1 = 1, .L2 = 0, .frozen_signs = false};
    case Activation::tanh:
      return {.L1 = 1, .L2 = 4 / (3 * sqrt(3)), .frozen_signs = false};
    case Activation::relu:
      return {.L1 = 1, .L2 = 0, .frozen_signs = true};
    case Activation::sigmoid:
      return {.L1 = Ball(0.25), .L2 = 1 / (6 * sqrt(3)), .frozen_signs = false};
    case Activation::softplus:
      return {.L1 = 1, .L2 = Ball(0.25), .frozen_signs = false};
    case Activation::erf:
      return {
          .L1 = 2 / sqrt(pi()), .L2 = 4 * exp(Ball(-0.5)) / sqrt(2 * pi()), .frozen_signs = false};
    case Activation::gelu: {
      const Activated at = activate(Activation::gelu, sqrt(2));
      return {.L1 = at.dpsi, .L2 = 2 / sqrt(2 * pi()), .frozen_signs = false};
    }
  }
  throw std::logic_error("no such activation");
}

}  // namespace alignproof::check
