// SPDX-License-Identifier: Apache-2.0
// The weights with which a training begins.
#pragma once

#include <alignproof/sweeps/classifier.hpp>

#include "sweeps/team.hpp"

namespace alignproof::inline sweeps {

/// N(0, 1) rounded to float, for images of d pixels; the team shares the drawing.
ClassifierWeights initial_weights(const ClassifierSpec& spec, std::size_t d, Team& team);

}  // namespace alignproof::inline sweeps
