// SPDX-License-Identifier: Apache-2.0
// Which activations there are, and what holds of each by its formula alone. Every one is a file of
// proofs_numeric/src/network/activations, or was registered (activation_definition.hpp); nothing
// else lists them. Proofs: reports/docs/activations.md.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/format/instance.hpp>

namespace alignproof::inline network {

/// A relation between psi(x) and psi(-x) for all x.
enum class Reflection {
  odd,   ///< psi(x) + psi(-x) = 0
  step,  ///< psi(x) + psi(-x) = 1
  ramp,  ///< psi(x) - psi(-x) = x
  none,  ///< another one, or none
};

/// The activations of which the fused form and the networks of images have vector code.
enum class FusedForm { identity, relu, tanh, sigmoid };

struct ActivationProperties {
  Reflection reflection;
  bool linear;              ///< psi(x) = x
  bool homogeneous;         ///< psi(c x) = c psi(x) for c > 0
  bool zero_at_zero;        ///< psi(0) = 0
  bool bounded_and_smooth;  ///< psi, psi' and psi'' exist and are bounded
  std::optional<FusedForm> fused;
};

/// Throws InputError, listing what is accepted, on an activation that does not exist.
const ActivationProperties& properties(const Activation& psi);

/// psi of a double, by libm. Throws as `properties` does.
double (*value_function(const Activation& psi))(const double& a);

/// The activation of that name. Throws as `properties` does.
Activation activation_from(std::string_view name);

/// Those of the suite in the order of their places.
const std::vector<Activation>& activations_of_suite();

/// "a, b or c": those of the suite, then those that were registered.
std::string accepted_activations();

/// activations_of_suite() as a range that may be named before main begins.
struct AllActivations {
  auto begin() const { return activations_of_suite().begin(); }
  auto end() const { return activations_of_suite().end(); }
  std::size_t size() const { return activations_of_suite().size(); }
  const Activation& operator[](std::size_t k) const { return activations_of_suite()[k]; }
};
inline constexpr AllActivations all_activations;

}  // namespace alignproof::inline network
