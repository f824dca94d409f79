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

#ifdef __FAST_MATH__
#error "normal.cpp promises its bits: compile it without -ffast-math"
#endif
#if FLT_EVAL_METHOD != 0
#error "normal.cpp promises its bits: doubles must be evaluated as doubles (on x86: SSE2, not x87)"
#endif
static_assert(std::numeric_limits<double>::is_iec559);

namespace alignproof::inline random {
namespace {

using Polynomial = std::array<double, 8>;  ///< coefficient of r^k at index k

/// Horner's rule. Every coefficient and every r here is >= 0, so nothing cancels.
double value_at(const Polynomial& c, double r) {
  double sum = c[7];
  for (int k = 6; k >= 0; --k) sum = sum * r + c[k];
  return sum;
}

struct Rational {
  Polynomial numerator, denominator;

  double operator()(double r) const { return value_at(numerator, r) / value_at(denominator, r); }
};

// M. J. Wichura, Algorithm AS 241: The Percentage Points of the Normal Distribution, Applied
// Statistics 37 (1988) 477-484, routine PPND16: one rational function for each of three regions.
constexpr Rational central{
    {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
     1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
     3.3430575583588128105e4, 2.5090809287301226727e3},
    {1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
     5.2264952788528545610e3}};
constexpr Rational tail{
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9}};
constexpr Rational far_tail{
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15}};

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
  // log 2 in two parts: the first has 33 bits, so its product with an exponent is exact.
  constexpr double log2_high = 0x1.62e42feep-1, log2_low = 0x1.a39ef35793c76p-33;
  const auto [m, exponent] = split(x);
  const double s = (m - 1) / (m + 1);
  const double s2 = s * s;
  double series = 0;
  for (int k = 10; k >= 1; --k) series = (series + 1.0 / (2 * k + 1)) * s2;
  const double atanh_twice = 2 * s + 2 * s * series;
  return exponent * log2_high + (exponent * log2_low + atanh_twice);
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
  if (std::abs(q) <= 0.425) return q * central(0.180625 - q * q);
  const double r = std::sqrt(-detail::logarithm(q < 0 ? probability : 1 - probability));
  const double x = r <= 5 ? tail(r - 1.6) : far_tail(r - 5);
  return q < 0 ? -x : x;
}

}  // namespace alignproof::inline random
