// SPDX-License-Identifier: Apache-2.0
// The tables at full scale that come with the program: reports/published, built into it.
#pragma once

#include <vector>

#include <alignproof/format/report.hpp>

namespace alignproof::inline sweeps {

/// Runs of the published simulation beside their predictions, a record an activation: its figure,
/// and a line a cell. Nothing is run for them.
std::vector<Simulation> shipped_simulations();

}  // namespace alignproof::inline sweeps
