// SPDX-License-Identifier: Apache-2.0
// Random numbers that are the same bits everywhere: counter-based, without libm.
#pragma once

#include <cstdint>
#include <span>

namespace alignproof::inline random {

/// Which array of an instance a number belongs to: arrays never share random numbers.
enum class Stream : std::uint32_t {
  W = 0,
  beta = 1,
  b = 2,
  X = 3,
  teacher = 4,
  teacher_W = 5,
  choice = 6,
  wishart = 7,
  V = 8,
  B = 9,
  batches = 10,
  dropout = 11
};

/// 64 random bits: Philox4x32-10 keyed by the seed, at the counter (stream, row, column).
std::uint64_t random_bits(std::uint64_t seed, Stream stream, std::uint32_t row,
                          std::uint32_t column);

/// Uniform on the odd multiples of 2^-53 in (0, 1): never 0, never 1, symmetric about 1/2.
double uniform(std::uint64_t seed, Stream stream, std::uint32_t row, std::uint32_t column);

/// N(0, 1) by the inverse distribution function at `uniform`.
double standard_normal(std::uint64_t seed, Stream stream, std::uint32_t row, std::uint32_t column);

/// The same numbers in less time: whole rows from first_row on, each of `columns` > 0 numbers, one
/// row after another, until `values` is full.
void standard_normals(std::uint64_t seed, Stream stream, std::uint32_t first_row,
                      std::uint32_t columns, std::span<double> values);

/// Inverse of the standard normal distribution function on (0, 1): Wichura's AS 241 (PPND16,
/// relative error about 1e-16 before rounding), with a logarithm of our own, so that the bits
/// depend on the four operations and the square root alone. Throws InputError outside (0, 1).
double normal_quantile(double probability);

}  // namespace alignproof::inline random
