// SPDX-License-Identifier: Apache-2.0
// Products of row-major matrices of float, by OpenBLAS.
#pragma once

#include <cstddef>

namespace alignproof::inline sweeps {

struct Operand {
  const float* data;
  std::size_t stride;
  bool transposed = false;
};

/// C (rows x cols) <- factor A B + kept C, with `inner` terms a sum.
void multiply(std::size_t rows, std::size_t cols, std::size_t inner, double factor, Operand A,
              Operand B, double kept, float* C, std::size_t stride);

}  // namespace alignproof::inline sweeps
