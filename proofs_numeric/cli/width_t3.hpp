// SPDX-License-Identifier: Apache-2.0
// The options that --theorem t3 of `alignproof width` has beside those of T1.
#pragma once

#include <optional>
#include <vector>

#include <CLI/CLI.hpp>

namespace alignproof::cli {

struct AlignmentWidthOptions {
  double tau = 1.8, level = 0.5;
  std::optional<double> y_norm;  ///< |y|, with --from-constants
  std::vector<long long> at;     ///< widths of the table
  long long runs = 0;            ///< at each of them

  void add_to(CLI::App& command, CLI::Option* constants);
};

}  // namespace alignproof::cli
