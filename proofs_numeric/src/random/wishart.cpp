// SPDX-License-Identifier: Apache-2.0
// Chi by Marsaglia and Tsang's method, Wishart factors by Bartlett's theorem. Compiled with
// -ffp-contract=off, without libm. Derivations and bounds: reports/docs/random.md.
#include <alignproof/random/wishart.hpp>

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <string>

#include <alignproof/core/error.hpp>

#include "primitives.hpp"

#ifdef __FAST_MATH__
#error "wishart.cpp promises its bits: compile it without -ffast-math"
#endif
#if FLT_EVAL_METHOD != 0
#error "wishart.cpp promises its bits: doubles must be evaluated as doubles (on x86: SSE2, not x87)"
#endif

namespace alignproof::inline random {
namespace {

constexpr std::size_t largest_factor = 20000;                  // rows: 3.2 GB

void require_degrees(const std::string& name, std::uint64_t value) {
  if (value == 0 || value > most_degrees)
    throw InputError(name, std::to_string(value), "a whole number from 1 to 10^15");
}

}  // namespace

namespace detail {

double log1p_remainder(double t) {
  const double t2 = t * t;
  if (std::abs(t) > 0.5) return logarithm(1 + t) - t + t2 / 2 - t2 * t / 3;
  double sum = 0;  // of (-t)^(k - 4) / k
  for (int k = 55; k >= 4; --k) sum = 1.0 / k - t * sum;
  return -(t2 * t2) * sum;
}

}  // namespace detail

double chi(std::uint64_t seed, Stream stream, std::uint32_t row, std::uint32_t column,
           std::uint64_t degrees) {
  require_degrees("degrees", degrees);
  if (degrees == 1) return std::abs(standard_normal(seed, stream, row, column));
  // d = degrees/2 - 1/3. 3 d and 9 d are exact: multiples of 1/2 with at most 53 bits.
  const double d3 = 1.5 * static_cast<double>(degrees) - 1;
  const double root = std::sqrt(3 * d3);
  for (std::uint32_t attempt = 0;; ++attempt) {
    const auto bits = detail::random_block(seed, stream, row, column, attempt);
    const double t = normal_quantile(detail::uniform_from(bits.first)) / root;
    const double w = 1 + t;
    if (w <= 0) continue;
    if (detail::logarithm(detail::uniform_from(bits.second)) < d3 * detail::log1p_remainder(t))
      return w * std::sqrt(2 * d3 / 3 * w);  // sqrt(2 d w^3)
  }
}

Array bartlett_factor(std::size_t m, std::uint64_t p, std::uint64_t seed) {
  if (m == 0 || m > largest_factor)
    throw InputError("m", std::to_string(m), "a whole number from 1 to 20000");
  require_degrees("p", p);
  const auto columns = static_cast<std::size_t>(std::min<std::uint64_t>(m, p));
  Array factor({m, columns});
  for (std::size_t i = 0; i < m; ++i) {
    const auto row = static_cast<std::uint32_t>(i);
    for (std::uint32_t j = 0; j < std::min(i, columns); ++j)
      factor(i, j) = standard_normal(seed, Stream::wishart, row, j);
    if (i < columns) factor(i, i) = chi(seed, Stream::wishart, row, row, p - i);
  }
  return factor;
}

}  // namespace alignproof::inline random
