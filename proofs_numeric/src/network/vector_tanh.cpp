// SPDX-License-Identifier: Apache-2.0
// tanh x = t / (t + 2) with t = e^{2x} - 1, x >= 0. With 2x = k log 2 + r, |r| <= log(2) / 2,
// t = 2^k q + (2^k - 1), q = e^r - 1 by its Taylor polynomial. Error: reports/docs/activations.md.
#include <alignproof/network/vector_tanh.hpp>

#include <bit>
#include <cmath>
#include <cstdint>

namespace alignproof::inline network {

namespace {

/// Beyond this tanh rounds to 1.
constexpr double saturated = 20;
constexpr double per_log2 = 0x1.71547652b82fep+0;  // 1 / log 2
/// log 2 = high + low; high has 32 bits, so that k high is exact for the k that occur.
constexpr double log2_high = 0x1.62e42feep-1, log2_low = 0x1.a39ef35793c76p-33;
/// Adding it rounds to a whole number, which then stands in the lowest bits.
constexpr double shifter = 0x1.8p52;

inline double tanh_of(double x) {
  const double size = std::abs(x) > saturated ? saturated : std::abs(x);
  const double twice = size + size;
  const double shifted = twice * per_log2 + shifter;
  const double k = shifted - shifter;
  const double r = (twice - k * log2_high) - k * log2_low;
  double q = 1.0 / 6227020800;  // 1/13!
  q = q * r + 1.0 / 479001600;
  q = q * r + 1.0 / 39916800;
  q = q * r + 1.0 / 3628800;
  q = q * r + 1.0 / 362880;
  q = q * r + 1.0 / 40320;
  q = q * r + 1.0 / 5040;
  q = q * r + 1.0 / 720;
  q = q * r + 1.0 / 120;
  q = q * r + 1.0 / 24;
  q = q * r + 1.0 / 6;
  q = q * r + 0.5;
  q = r + r * r * q;
  const std::uint64_t exponent = std::bit_cast<std::uint64_t>(shifted) + 1023;
  const double power = std::bit_cast<double>(exponent << 52);  // 2^k
  const double t = power * q + (power - 1);
  return std::copysign(t / (t + 2), x);
}

}  // namespace

// Vectors of four where the processor has them: the operations, and so the bits, are the same.
#if defined(__x86_64__)
__attribute__((target_clones("avx2", "default")))
#endif
void vector_tanh(const double* a, double* values, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) values[i] = tanh_of(a[i]);
}

}  // namespace alignproof::inline network
