// SPDX-License-Identifier: Apache-2.0
#include "sweeps/matrix_product.hpp"

#include "sweeps/blas.hpp"

namespace alignproof::inline sweeps {

void multiply(std::size_t rows, std::size_t cols, std::size_t inner, double factor, Operand A,
              Operand B, double kept, float* C, std::size_t stride) {
  const auto size = [](std::size_t n) { return static_cast<blasint>(n); };
  const auto form = [](bool transposed) { return transposed ? CblasTrans : CblasNoTrans; };
  blas().sgemm(CblasRowMajor, form(A.transposed), form(B.transposed), size(rows), size(cols),
               size(inner), static_cast<float>(factor), A.data, size(A.stride), B.data,
               size(B.stride), static_cast<float>(kept), C, size(stride));
}

}  // namespace alignproof::inline sweeps
