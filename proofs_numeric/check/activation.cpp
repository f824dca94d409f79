// SPDX-License-Identifier: Apache-2.0
// Activations as balls, and the constants of them that the theorems use.
#include <alignproof/core/no_fast_math.hpp>

#include "activation.hpp"

#include <alignproof/core/error.hpp>

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
  return {unknown(), unknown()};
}

ActivationBounds activation_bounds(Activation activation) {
  switch (activation) {
    case Activation::identity:
      return {1, 0};
    case Activation::tanh:
      return {1, 4 / (3 * sqrt(3))};
    case Activation::relu:
      return {1, 0, true};
    case Activation::sigmoid:
      return {Ball(0.25), 1 / (6 * sqrt(3))};
    case Activation::softplus:
      return {1, Ball(0.25)};
    case Activation::erf:
      return {2 / sqrt(pi()), 4 * exp(Ball(-0.5)) / sqrt(2 * pi())};
    case Activation::gelu: {
      const Activated at = activate(Activation::gelu, sqrt(2));
      return {at.dpsi, 2 / sqrt(2 * pi())};
    }
  }
  return {unknown(), unknown()};
}

}  // namespace alignproof::check
