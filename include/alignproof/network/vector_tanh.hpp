// SPDX-License-Identifier: Apache-2.0
// tanh of many doubles at once.
#pragma once

#include <cstddef>

namespace alignproof::inline network {

/// values[i] = tanh(a[i]), relative error at most `vector_tanh_error` unit roundoffs; derivation:
/// reports/docs/activations.md. Sums, products and one quotient in a fixed order, nothing fused:
/// the same bits on every processor, however wide its vectors. NaN stays NaN. a and values may be
/// the same.
void vector_tanh(const double* a, double* values, std::size_t size);
inline constexpr int vector_tanh_error = 8;

}  // namespace alignproof::inline network
