// SPDX-License-Identifier: Apache-2.0
// Chi variables and Wishart matrices that are the same bits everywhere.
#pragma once

#include <alignproof/format/array.hpp>
#include <alignproof/random/normal.hpp>

#include <cstddef>
#include <cstdint>

namespace alignproof::inline random {

/// The most degrees of freedom that are taken: 9 times as many are below 2^53.
inline constexpr std::uint64_t most_degrees = 1'000'000'000'000'000;

/// chi with `degrees` degrees of freedom: the norm of a standard normal vector with so many
/// entries. It belongs to its place like any random number and takes the whole place: do not draw
/// another number there. Throws InputError unless 1 <= degrees <= 10^15. Law and error bound:
/// reports/docs/random.md.
double chi(std::uint64_t seed, Stream stream, std::uint32_t row, std::uint32_t column,
           std::uint64_t degrees);

/// Lower trapezoidal T, m x min(m, p), such that T T^T has the law W_m(p, I) of the Gram matrix
/// Z^T Z of a p x m matrix Z of independent N(0, 1). By Bartlett: T(i, i) is chi with p - i degrees
/// of freedom and T(i, j), j < i, is N(0, 1), all independent, at the places (Stream::wishart, i,
/// j). For p < m the rank is p. Throws InputError unless 1 <= m <= 20000 and 1 <= p <= 10^15.
Array bartlett_factor(std::size_t m, std::uint64_t p, std::uint64_t seed);

}  // namespace alignproof::inline random
