// SPDX-License-Identifier: Apache-2.0
// Sweeps as the subcommands show them.
#pragma once

#include <filesystem>
#include <optional>

#include <alignproof/sweeps/run_sweep.hpp>

namespace alignproof::cli {

/// Collective. Runs a sweep with a progress bar, and prints what has become of its store. Nothing
/// is returned, or printed, on other ranks than 0.
std::optional<StoredRuns> run_with_bar(const Sweep& sweep, const SweepWork& work, Ranks& ranks);

/// Which tables were written, if all runs of the store are done.
void print_tables(const StoredRuns& stored);

}  // namespace alignproof::cli
