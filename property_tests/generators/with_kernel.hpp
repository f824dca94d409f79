// SPDX-License-Identifier: Apache-2.0
// The activations whose limit kernel the library encloses.
#pragma once

#include <vector>

#include <alignproof/network/activation_definition.hpp>

namespace alignproof::gen {

inline std::vector<Activation> activations_with_kernel() {
  std::vector<Activation> all = activations_of_suite();
  std::erase_if(all, [](const Activation& psi) { return missing_kernel(psi).has_value(); });
  return all;
}

}  // namespace alignproof::gen
