// SPDX-License-Identifier: Apache-2.0
#include "kernels/gram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

#include "scalar/raw_mpfr.hpp"

namespace alignproof::inline kernels {

namespace {

Mpfr with_bits(long bits) {
  Mpfr result;
  mpfr_set_prec(raw(result), bits);
  return result;
}

Mpfr to_precision(const Mpfr& exact) {
  Mpfr result;
  mpfr_set(raw(result), raw(exact), MPFR_RNDN);
  return result;
}

/// Every entry is a multiple of 2^(low - 52) and less than 2^(high + 1), so that d products of two
/// need at most this many bits, their difference one more.
long bits_for(const Array& X) {
  int low = 1100, high = -1100;
  for (const double x : X.values) {
    if (x == 0) continue;
    low = std::min(low, std::ilogb(x)), high = std::max(high, std::ilogb(x));
  }
  if (low > high) return 64;
  return 2L * (high - low + 53) + static_cast<long>(std::bit_width(X.cols())) + 2;
}

}  // namespace

ExactGram::ExactGram(const Array& X, long log2_scale)
    : X_(X), log2_scale_(log2_scale), bits_(bits_for(X)) {
  for (std::size_t i = 0; i < n(); ++i) diagonal_.push_back(dot(i, i));
}

Mpfr ExactGram::dot(std::size_t i, std::size_t j) const {
  Mpfr sum = with_bits(bits_), product = with_bits(106);
  mpfr_set_zero(raw(sum), 1);
  bool inexact = false;
  for (std::size_t k = 0; k < d(); ++k) {
    inexact |= mpfr_set_d(raw(product), X_.values[i * d() + k], MPFR_RNDN) != 0;
    inexact |= mpfr_mul_d(raw(product), raw(product), X_.values[j * d() + k], MPFR_RNDN) != 0;
    inexact |= mpfr_add(raw(sum), raw(sum), raw(product), MPFR_RNDN) != 0;
  }
  inexact |= mpfr_mul_2si(raw(sum), raw(sum), log2_scale_, MPFR_RNDN) != 0;
  if (inexact) throw std::logic_error("inner product of samples: not exact");
  return sum;
}

PairGram ExactGram::pair(std::size_t i, std::size_t j) const {
  const Mpfr& a = diagonal_[i];
  const Mpfr& b = diagonal_[j];
  const Mpfr c = i == j ? a : dot(i, j);
  Mpfr products = with_bits(2 * bits_), square = with_bits(2 * bits_), det = with_bits(2 * bits_);
  bool inexact = mpfr_mul(raw(products), raw(a), raw(b), MPFR_RNDN) != 0;
  inexact |= mpfr_sqr(raw(square), raw(c), MPFR_RNDN) != 0;
  inexact |= mpfr_sub(raw(det), raw(products), raw(square), MPFR_RNDN) != 0;
  if (inexact) throw std::logic_error("Gram determinant of two samples: not exact");
  const bool same_length = mpfr_equal_p(raw(a), raw(b)) != 0;
  PairGram result{to_precision(a), to_precision(c), to_precision(b), to_precision(det)};
  result.equal = same_length && mpfr_equal_p(raw(a), raw(c)) != 0;
  result.opposite = same_length && !result.equal && mpfr_cmpabs(raw(a), raw(c)) == 0;
  return result;
}

bool ExactGram::zero(std::size_t i) const {
  return mpfr_zero_p(raw(diagonal_[i])) != 0;
}

}  // namespace alignproof::inline kernels
