// SPDX-License-Identifier: Apache-2.0
// The activations of the suite. The list is made by CMake from the files of network/activations.
#pragma once

#include <vector>

#include <alignproof/network/activation_definition.hpp>

namespace alignproof::inline network {

std::vector<ActivationDefinition> suite_activations();

}  // namespace alignproof::inline network
