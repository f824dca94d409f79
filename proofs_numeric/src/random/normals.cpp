// SPDX-License-Identifier: Apache-2.0
// Many normals at once. Every entry has the bits of standard_normal: entries are
// independent of each other, and each goes through the operations of quantile.hpp.
#include <algorithm>
#include <array>
#include <bit>
#include <cfloat>
#include <cmath>
#include <cstddef>
#include <span>

#include "primitives.hpp"
#include "quantile.hpp"

#ifdef __FAST_MATH__
#error "normals.cpp promises its bits: compile it without -ffast-math"
#endif
#if FLT_EVAL_METHOD != 0
#error "normals.cpp promises its bits: doubles must be evaluated as doubles (on x86: SSE2, not x87)"
#endif

// Vectors of four where the processor has them: the operations, and so the bits, are the same.
#if defined(__x86_64__)
#define ALIGNPROOF_VECTORS __attribute__((target_clones("avx2", "default")))
#else
#define ALIGNPROOF_VECTORS
#endif

namespace alignproof::inline random {
namespace {

constexpr std::size_t block_size = 256;
using Block = std::array<double, block_size>;

ALIGNPROOF_VECTORS
void central_quantiles(const double* probabilities, double* values, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i)
    values[i] = detail::central_quantile(probabilities[i] - 0.5);
}

/// r = sqrt(-log x) for normal numbers x, and the quantile of the tail up to `far_from`.
ALIGNPROOF_VECTORS
void near_tails(const double* outer, double* r, double* values, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    const auto bits = std::bit_cast<std::uint64_t>(outer[i]);
    // The exponent as a double: it stands in the lowest bits of a number of size 2^52.
    const double raised = std::bit_cast<double>((bits >> 52) | 0x4330000000000000u);
    const double m = std::bit_cast<double>((bits & 0x000fffffffffffffu) | 0x3ff0000000000000u);
    const double exponent = raised - (0x1p52 + 1023);
    const bool upper = m > 0x1.6a09e667f3bcdp+0;
    r[i] = std::sqrt(-detail::logarithm_of(upper ? m * 0.5 : m, upper ? exponent + 1 : exponent));
    values[i] = detail::tail(r[i] - 1.6);
  }
}

/// Of at most block_size probabilities.
void block_of_quantiles(const double* probabilities, double* values, std::size_t size) {
  std::array<std::size_t, block_size> where;
  Block q_of, outer, r, tails;
  std::size_t count = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const double q = probabilities[i] - 0.5;
    q_of[count] = q, outer[count] = detail::outer(probabilities[i], q), where[count] = i;
    count += std::abs(q) <= detail::central_half_width ? 0 : 1;
  }
  near_tails(outer.data(), r.data(), tails.data(), count);
  central_quantiles(probabilities, values, size);
  for (std::size_t j = 0; j < count; ++j)
    values[where[j]] = r[j] <= detail::far_from ? (q_of[j] < 0 ? -tails[j] : tails[j])
                                                : detail::tail_quantile(q_of[j], r[j]);
}

}  // namespace

void detail::normal_quantiles(std::span<const double> probabilities, std::span<double> values) {
  for (std::size_t from = 0; from < probabilities.size(); from += block_size)
    block_of_quantiles(probabilities.data() + from, values.data() + from,
                       std::min(block_size, probabilities.size() - from));
}

void standard_normals(std::uint64_t seed, Stream stream, std::uint32_t first_row,
                      std::uint32_t columns, std::span<double> values) {
  std::size_t at = 0;
  for (std::uint32_t row = first_row; at < values.size(); ++row)
    for (std::uint32_t j = 0; j < columns && at < values.size(); ++j)
      values[at++] = uniform(seed, stream, row, j);
  detail::normal_quantiles(values, values);
}

}  // namespace alignproof::inline random
