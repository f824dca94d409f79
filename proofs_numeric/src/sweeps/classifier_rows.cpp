// SPDX-License-Identifier: Apache-2.0
#include "sweeps/classifier_rows.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <stdexcept>

#include <alignproof/network/activation_properties.hpp>

namespace alignproof::inline sweeps::rows {

namespace {

#if defined(__x86_64__)
#define ALIGNPROOF_VECTORS __attribute__((target_clones("avx2", "default")))
#else
#define ALIGNPROOF_VECTORS
#endif

/// e^x = 2^k (1 + q), q = e^r - 1, |r| <= log(2) / 2 + rounding.
struct PowerAndRest {
  float power, q;
};

/// For -87 <= x <= 87, relative error of a few units of 2^-24.
inline PowerAndRest split_exp(float x) {
  constexpr float per_log2 = 0x1.715476p+0f, shifter = 0x1.8p23f;
  // log 2 = high + low; high has 15 bits, so that k high is exact.
  constexpr float log2_high = 0x1.62e4p-1f, log2_low = 0x1.7f7d1cp-20f;
  const float shifted = x * per_log2 + shifter;  // k stands in the lowest bits
  const float k = shifted - shifter;
  const float r = (x - k * log2_high) - k * log2_low;
  float q = 1.0f / 5040;
  q = q * r + 1.0f / 720;
  q = q * r + 1.0f / 120;
  q = q * r + 1.0f / 24;
  q = q * r + 1.0f / 6;
  q = q * r + 0.5f;
  q = r + r * r * q;
  return {std::bit_cast<float>((std::bit_cast<std::uint32_t>(shifted) + 127) << 23), q};
}

/// e^x for x <= 0; below -87, where it is less than 2^-125, e^-87. NaN stays NaN.
inline float exp_of_negative(float x) {
  const auto [power, q] = split_exp(x < -87.0f ? -87.0f : x);
  return power + power * q;
}

/// t / (t + 2) with t = e^{2 |x|} - 1, as in vector_tanh; beyond 10 it rounds to 1.
inline float tanh_of(float x) {
  const float size = std::abs(x) > 10.0f ? 10.0f : std::abs(x);
  const auto [power, q] = split_exp(size + size);
  const float t = power * q + (power - 1);
  return std::copysign(t / (t + 2), x);
}

inline float sigmoid_of(float x) {
  const float z = exp_of_negative(-std::abs(x));
  return (x < 0 ? z : 1.0f) / (1 + z);
}

}  // namespace

namespace {

/// Which of the forms; a classifier has been refused any other activation.
FusedForm form_of(const Activation& psi) {
  const std::optional<FusedForm> form = properties(psi).fused;
  if (!form) throw std::logic_error("no such activation of a classifier");
  return *form;
}

ALIGNPROOF_VECTORS void activate_row_as(FusedForm psi, float* a, std::size_t n) {
  switch (psi) {
    case FusedForm::relu:  // NaN stays NaN: a run that overflows must show it
      for (std::size_t i = 0; i < n; ++i) a[i] = a[i] < 0 ? 0.0f : a[i];
      return;
    case FusedForm::tanh:
      for (std::size_t i = 0; i < n; ++i) a[i] = tanh_of(a[i]);
      return;
    case FusedForm::sigmoid:
      for (std::size_t i = 0; i < n; ++i) a[i] = sigmoid_of(a[i]);
      return;
    case FusedForm::identity:
      return;
  }
}

ALIGNPROOF_VECTORS void times_slope_as(FusedForm psi, const float* h, float* delta, std::size_t n) {
  switch (psi) {
    case FusedForm::relu:
      for (std::size_t i = 0; i < n; ++i) delta[i] = h[i] > 0 ? delta[i] : 0.0f;
      return;
    case FusedForm::tanh:
      for (std::size_t i = 0; i < n; ++i) delta[i] *= 1 - h[i] * h[i];
      return;
    case FusedForm::sigmoid:
      for (std::size_t i = 0; i < n; ++i) delta[i] *= h[i] * (1 - h[i]);
      return;
    case FusedForm::identity:
      return;
  }
}

}  // namespace

void activate_row(const Activation& psi, float* a, std::size_t n) {
  activate_row_as(form_of(psi), a, n);
}

void times_slope(const Activation& psi, const float* h, float* delta, std::size_t n) {
  times_slope_as(form_of(psi), h, delta, n);
}

ALIGNPROOF_VECTORS void keep_where(const std::uint8_t* kept, float* values, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) values[i] = kept[i] ? values[i] : 0.0f;
}

ALIGNPROOF_VECTORS void combine(const float* weights, const float* e, std::size_t stride,
                                float* __restrict__ delta, std::size_t n) {
  static_assert(classifier_outputs == 10);
  const float *e1 = e + stride, *e2 = e1 + stride, *e3 = e2 + stride, *e4 = e3 + stride,
              *e5 = e4 + stride, *e6 = e5 + stride, *e7 = e6 + stride, *e8 = e7 + stride,
              *e9 = e8 + stride;
  const float w0 = weights[0], w1 = weights[1], w2 = weights[2], w3 = weights[3], w4 = weights[4],
              w5 = weights[5], w6 = weights[6], w7 = weights[7], w8 = weights[8], w9 = weights[9];
  for (std::size_t i = 0; i < n; ++i)
    delta[i] = (((w0 * e[i] + w1 * e1[i]) + (w2 * e2[i] + w3 * e3[i])) +
                ((w4 * e4[i] + w5 * e5[i]) + (w6 * e6[i] + w7 * e7[i]))) +
               (w8 * e8[i] + w9 * e9[i]);
}

ALIGNPROOF_VECTORS void add(const float* terms, float* sums, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) sums[i] += terms[i];
}

ALIGNPROOF_VECTORS void subtract(const float* terms, float* from, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) from[i] -= terms[i];
}

ALIGNPROOF_VECTORS void scale_pixels(const std::uint8_t* pixels, float factor, float* x,
                                     std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) x[i] = static_cast<float>(pixels[i]) * factor;
}

ALIGNPROOF_VECTORS void exponentials(float* f, float* e, float* sums, float* most,
                                     std::size_t stride, std::size_t n) {
  std::copy(f, f + n, most);
  for (std::size_t o = 1; o < classifier_outputs; ++o)
    for (std::size_t i = 0; i < n; ++i)
      most[i] = f[o * stride + i] > most[i] ? f[o * stride + i] : most[i];
  std::fill(sums, sums + n, 0.0f);
  for (std::size_t o = 0; o < classifier_outputs; ++o) {
    float *f_o = f + o * stride, *e_o = e + o * stride;
    for (std::size_t i = 0; i < n; ++i) {
      f_o[i] -= most[i];
      e_o[i] = exp_of_negative(f_o[i]);
      sums[i] += e_o[i];
    }
  }
}

ALIGNPROOF_VECTORS void divide(float* values, const float* by, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) values[i] /= by[i];
}

}  // namespace alignproof::inline sweeps::rows
