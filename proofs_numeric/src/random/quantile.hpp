// SPDX-License-Identifier: Apache-2.0
// The parts of normal_quantile, for one probability (normal.cpp) and for many (normals.cpp): the
// same operations in the same order, and so the same bits.
#pragma once

#include <array>
#include <cmath>

namespace alignproof::inline random::detail {

using Polynomial = std::array<double, 8>;  ///< coefficient of r^k at index k

/// Horner's rule. Every coefficient and every r here is >= 0, so nothing cancels.
inline double value_at(const Polynomial& c, double r) {
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
inline constexpr Rational central{
    {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
     1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
     3.3430575583588128105e4, 2.5090809287301226727e3},
    {1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
     2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4,
     5.2264952788528545610e3}};
inline constexpr Rational tail{
    {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0,
     3.64784832476320460504e0, 1.27045825245236838258e0, 2.41780725177450611770e-1,
     2.27238449892691845833e-2, 7.74545014278341407640e-4},
    {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
     1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4,
     1.05075007164441684324e-9}};
inline constexpr Rational far_tail{
    {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0,
     2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
     2.71155556874348757815e-5, 2.01033439929228813265e-7},
    {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
     7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
     2.04426310338993978564e-15}};

/// Up to here |probability - 1/2| is in the central region.
inline constexpr double central_half_width = 0.425;

/// For |q| <= central_half_width, q = probability - 1/2.
inline double central_quantile(double q) {
  return q * central(0.180625 - q * q);
}

/// The smaller of the two tails that the probability cuts off.
inline double outer(double probability, double q) {
  return q < 0 ? probability : 1 - probability;
}

/// For |q| above it, from r = sqrt(-log outer); `far_from` is where the last region begins.
inline constexpr double far_from = 5;
inline double tail_quantile(double q, double r) {
  const double x = r <= far_from ? tail(r - 1.6) : far_tail(r - far_from);
  return q < 0 ? -x : x;
}

/// exponent log 2 + 2 atanh((m - 1) / (m + 1)) for m in (sqrt(1/2), sqrt(2)].
inline double logarithm_of(double m, double exponent) {
  // log 2 in two parts: the first has 33 bits, so its product with an exponent is exact.
  constexpr double log2_high = 0x1.62e42feep-1, log2_low = 0x1.a39ef35793c76p-33;
  const double s = (m - 1) / (m + 1);
  const double s2 = s * s;
  double series = 0;
  for (int k = 10; k >= 1; --k) series = (series + 1.0 / (2 * k + 1)) * s2;
  const double atanh_twice = 2 * s + 2 * s * series;
  return exponent * log2_high + (exponent * log2_low + atanh_twice);
}

}  // namespace alignproof::inline random::detail
