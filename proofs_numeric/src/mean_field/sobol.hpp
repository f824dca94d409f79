// SPDX-License-Identifier: Apache-2.0
// Scrambled Sobol points. Direction numbers of our own: primitive polynomials found by search, and
// initial numbers that make the two-dimensional projections good.
#pragma once

#include <cstddef>
#include <cstdint>

#include <alignproof/linalg/matrix.hpp>

namespace alignproof::inline mean_field::detail {

/// As many primitive polynomials over GF(2) as there are of degree 10 or less, and one dimension
/// that needs none.
inline constexpr std::size_t sobol_dimensions = 161;

/// The generating matrix of one coordinate: its first `digits` binary digits, most significant
/// first, are row r times the digits of the index, least significant first: bit c of rows[r].
/// Throws std::logic_error from sobol_dimensions on.
struct SobolRows {
  static constexpr std::size_t digits = 26;
  std::uint32_t rows[digits];
};
SobolRows sobol_rows(std::size_t dimension);

/// The least t such that any 2^m points of an aligned run of these two coordinates are a
/// (t, m, 2)-net: every elementary interval of volume 2^(t - m) has 2^t of them.
std::size_t quality(const SobolRows& x, const SobolRows& y, std::size_t m);

/// 2^m points in (0, 1)^dimensions, one a row, by Owen's nested scrambling: each point is uniform,
/// and together they are a net as good as the unscrambled one. Different `stream`s of a seed are
/// independent. m <= SobolRows::digits.
Matrix<double> scrambled_sobol(std::size_t dimensions, std::size_t m, std::uint64_t seed,
                               std::uint64_t stream);

}  // namespace alignproof::inline mean_field::detail
