// SPDX-License-Identifier: Apache-2.0
// The published loss is the mean |e|^2 / n, that of reports/docs/dynamics.md is |e|^2 / 2. A
// gradient is linear in its loss and
//
//   |e|^2 / n = (2 / n) |e|^2 / 2,
//
// so a step of rate `step` on the mean is one of rate eta = 2 step / n here. Its penalty takes
// step reg beta from beta, here eta lambda beta: lambda = step reg / eta = reg n / 2.
#pragma once

#include <cstddef>

namespace alignproof::inline sweeps {

struct EtaLambda {
  double eta = 0, lambda = 0;
};

/// eta and lambda of the dynamics for `step` and `reg` of the mean over n samples.
constexpr EtaLambda mean_square_convention(double step, double reg, std::size_t n) {
  const auto samples = static_cast<double>(n);
  return {2 * step / samples, reg * samples / 2};
}

}  // namespace alignproof::inline sweeps
