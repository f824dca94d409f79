// SPDX-License-Identifier: Apache-2.0
// What holds of an activation by its formula alone, one row each, so that a new one is asked for
// every line. Proofs: reports/docs/activations.md.
#pragma once

#include <stdexcept>

#include <alignproof/format/instance.hpp>

namespace alignproof {

/// A relation between psi(x) and psi(-x) for all x.
enum class Reflection {
  odd,   ///< psi(x) + psi(-x) = 0
  step,  ///< psi(x) + psi(-x) = 1
  ramp,  ///< psi(x) - psi(-x) = x
};

struct ActivationProperties {
  Reflection reflection;
  bool linear;              ///< psi(x) = x
  bool homogeneous;         ///< psi(c x) = c psi(x) for c > 0
  bool zero_at_zero;        ///< psi(0) = 0
  bool bounded_and_smooth;  ///< psi, psi' and psi'' exist and are bounded
  bool fused;               ///< the fused form and the networks of images have it
};

constexpr ActivationProperties properties(Activation psi) {
  switch (psi) {
    case Activation::identity:
      return {.reflection = Reflection::odd,
              .linear = true,
              .homogeneous = true,
              .zero_at_zero = true,
              .bounded_and_smooth = false,
              .fused = true};
    case Activation::tanh:
      return {.reflection = Reflection::odd,
              .linear = false,
              .homogeneous = false,
              .zero_at_zero = true,
              .bounded_and_smooth = true,
              .fused = true};
    case Activation::relu:
      return {.reflection = Reflection::ramp,
              .linear = false,
              .homogeneous = true,
              .zero_at_zero = true,
              .bounded_and_smooth = false,
              .fused = true};
    case Activation::sigmoid:
      return {.reflection = Reflection::step,
              .linear = false,
              .homogeneous = false,
              .zero_at_zero = false,
              .bounded_and_smooth = true,
              .fused = true};
    case Activation::softplus:
      return {.reflection = Reflection::ramp,
              .linear = false,
              .homogeneous = false,
              .zero_at_zero = false,
              .bounded_and_smooth = false,
              .fused = false};
    case Activation::erf:
      return {.reflection = Reflection::odd,
              .linear = false,
              .homogeneous = false,
              .zero_at_zero = true,
              .bounded_and_smooth = true,
              .fused = false};
    case Activation::gelu:
      return {.reflection = Reflection::ramp,
              .linear = false,
              .homogeneous = false,
              .zero_at_zero = true,
              .bounded_and_smooth = false,
              .fused = false};
  }
  throw std::logic_error("no such activation");
}

}  // namespace alignproof
