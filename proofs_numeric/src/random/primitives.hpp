// SPDX-License-Identifier: Apache-2.0
// What the random numbers of this folder share. Defined in normal.cpp, normals.cpp
// and wishart.cpp.
#pragma once

#include <alignproof/random/normal.hpp>

#include <cstdint>
#include <span>

namespace alignproof::inline random::detail {

struct RandomBlock {
  std::uint64_t first, second;  ///< independent; `first` at attempt 0 is `random_bits`
};

/// All 128 bits of Philox4x32-10 at the counter (stream, row, column, attempt).
RandomBlock random_block(std::uint64_t seed, Stream stream, std::uint32_t row, std::uint32_t column,
                         std::uint32_t attempt);

/// The odd multiple of 2^-53 in (0, 1) that the upper 52 bits name.
double uniform_from(std::uint64_t bits);

/// log x = exponent log 2 + 2 atanh((m - 1) / (m + 1)) for finite x > 0; the series stops after
/// s^21 / 21, where the rest is below 2^-60 of the sum. Relative error below 8 * 2^-53, and below
/// 4 * 2^-53 for x <= 0.075.
double logarithm(double x);

/// log(1 + t) - t + t^2/2 - t^3/3 for t > -1. Never positive: the derivative is -t^3 / (1 + t).
double log1p_remainder(double t);

/// values[i] = normal_quantile(probabilities[i]) for values of `uniform`, which are at least 2^-53
/// away from 0 and from 1. Both may be the same span.
void normal_quantiles(std::span<const double> probabilities, std::span<double> values);

}  // namespace alignproof::inline random::detail
