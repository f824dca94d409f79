// SPDX-License-Identifier: Apache-2.0
// Philox bits, uniforms and normals. Compiled with -ffp-contract=off: a fused multiply-add would
// change bits. The contract and the error bounds are derived in reports/docs/random.md.
#include <alignproof/random/normal.hpp>

#include <Random123/philox.h>

#include <array>
#include <bit>
#include <cfloat>
#include <cmath>
#include <limits>

#include <alignproof/core/error.hpp>

#include "primitives.hpp"
#include "quantile.hpp"

#ifdef __FAST_MATH__
#error "normal.cpp promises its bits: compile it without -ffast-math"
#endif
#if FLT_EVAL_METHOD != 0
#error "normal.cpp promises its bits: doubles must be evaluated as doubles (on x86: SSE2, not x87)"
#endif
static_assert(std::numeric_limits<double>::is_iec559);

namespace alignproof::inline random {
namespace {

/// x = m 2^exponent with m in (sqrt(1/2), sqrt(2)], exactly, for finite x > 0.
struct Split {
  double m;
  int exponent;
};

Split split(double x) {
  int exponent = 0;
  if (x < DBL_MIN) {  // a subnormal number has no leading bit: scale it first, exactly
    x *= 0x1p54;
    exponent = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0x000fffffffffffffu) | 0x3ff0000000000000u);
  if (m > 0x1.6a09e667f3bcdp+0) {
    m *= 0.5;
    ++exponent;
  }
  return {m, exponent};
}

using Counter = std::array<std::uint32_t, 4>;

r123::Philox4x32::ctr_type philox(std::uint64_t seed, const Counter& counter) {
  const r123::Philox4x32 generator;  // ten rounds
  const r123::Philox4x32::ctr_type at{{counter[0], counter[1], counter[2], counter[3]}};
  const r123::Philox4x32::ukey_type key{
      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  return generator(at, key);
}

std::uint64_t joined(std::uint32_t low, std::uint32_t high) {
  return low | static_cast<std::uint64_t>(high) << 32;
}

}  // namespace

namespace detail {

RandomBlock random_block(std::uint64_t seed, Stream stream, std::uint32_t row, std::uint32_t column,
                         std::uint32_t attempt) {
  const auto words = philox(seed, {static_cast<std::uint32_t>(stream), row, column, attempt});
  return {joined(words[0], words[1]), joined(words[2], words[3])};
}

double uniform_from(std::uint64_t bits) {
  const std::uint64_t upper = bits >> 12;               // 52 bits
  return static_cast<double>(2 * upper + 1) * 0x1p-53;  // both steps exact
}

double logarithm(double x) {
  const auto [m, exponent] = split(x);
  return logarithm_of(m, exponent);
}

}  // namespace detail

std::uint64_t random_bits(std::uint64_t seed, Stream stream, std::uint32_t row,
                          std::uint32_t column) {
  return detail::random_block(seed, stream, row, column, 0).first;
}

double uniform(std::uint64_t seed, Stream stream, std::uint32_t row, std::uint32_t column) {
  return detail::uniform_from(random_bits(seed, stream, row, column));
}

double standard_normal(std::uint64_t seed, Stream stream, std::uint32_t row, std::uint32_t column) {
  return normal_quantile(uniform(seed, stream, row, column));
}

double normal_quantile(double probability) {
  if (!(probability > 0 && probability < 1))
    throw InputError("probability", quoted(probability), "a number in (0, 1), ends excluded");
  const double q = probability - 0.5;
  if (std::abs(q) <= detail::central_half_width) return detail::central_quantile(q);
  return detail::tail_quantile(q, std::sqrt(-detail::logarithm(detail::outer(probability, q))));
}

}  // namespace alignproof::inline random
