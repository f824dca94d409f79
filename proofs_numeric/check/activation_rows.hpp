// SPDX-License-Identifier: Apache-2.0
// All rows. The list is made by CMake from the files of check/activations.
#pragma once

#include <vector>

#include "activation.hpp"

namespace alignproof::check {

std::vector<ActivationRow> activation_rows();

}  // namespace alignproof::check
