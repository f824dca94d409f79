// SPDX-License-Identifier: Apache-2.0
// What the classifier does entry by entry, compiled for vectors: nothing fused, the same bits on
// every processor. Arrays of n entries; a matrix with one row an output has rows `stride` apart.
#pragma once

#include <cstddef>
#include <cstdint>

#include <alignproof/sweeps/classifier.hpp>

namespace alignproof::inline sweeps::rows {

/// a <- psi(a).
void activate_row(const Activation& psi, float* a, std::size_t n);

/// delta <- delta psi'(a), given h = psi(a).
void times_slope(const Activation& psi, const float* h, float* delta, std::size_t n);

void keep_where(const std::uint8_t* kept, float* values, std::size_t n);

/// delta_i = sum_o weights_o e(o, i).
void combine(const float* weights, const float* e, std::size_t stride, float* delta, std::size_t n);

void add(const float* terms, float* sums, std::size_t n);

void subtract(const float* terms, float* from, std::size_t n);

void scale_pixels(const std::uint8_t* pixels, float factor, float* x, std::size_t n);

/// f (10 x n) <- f - max over o; e <- e^f; sums_i = sum_o e(o, i).
void exponentials(float* f, float* e, float* sums, float* most, std::size_t stride, std::size_t n);

void divide(float* values, const float* by, std::size_t n);

}  // namespace alignproof::inline sweeps::rows
