// SPDX-License-Identifier: Apache-2.0
#include "sweeps/cosines.hpp"

#include <cmath>

namespace alignproof::inline sweeps {

namespace {

constexpr std::size_t outputs = classifier_outputs;

double cosine_from(double product, double square_1, double square_2) {
  if (!(square_1 > 0) || !(square_2 > 0)) return 0;
  return product / (std::sqrt(square_1) * std::sqrt(square_2));
}

double dot(const std::vector<float>& a, const std::vector<float>& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += double{a[i]} * b[i];
  return sum;
}

}  // namespace

double cosine_of(const std::vector<float>& a, const std::vector<float>& b) {
  return cosine_from(dot(a, b), dot(a, a), dot(b, b));
}

/// A^T B for p x 10 matrices.
SignalCosine::Gram SignalCosine::gram(const std::vector<float>& A, const std::vector<float>& B) {
  Gram G{};
  for (std::size_t r = 0; r < A.size(); r += outputs)
    for (std::size_t i = 0; i < outputs; ++i)
      for (std::size_t j = 0; j < outputs; ++j) G[i][j] += double{A[r + i]} * B[r + j];
  return G;
}

double SignalCosine::quadratic(const Gram& G, const std::array<double, outputs>& e) {
  double sum = 0;
  for (std::size_t i = 0; i < outputs; ++i)
    for (std::size_t j = 0; j < outputs; ++j) sum += e[i] * G[i][j] * e[j];
  return sum;
}

SignalCosine::SignalCosine(const std::vector<float>& b, const std::vector<float>& beta)
    : b_beta_(gram(b, beta)), b_b_(gram(b, b)), beta_beta_(gram(beta, beta)) {}

double SignalCosine::operator()(const std::array<double, outputs>& e) const {
  return cosine_from(quadratic(b_beta_, e), quadratic(b_b_, e), quadratic(beta_beta_, e));
}

}  // namespace alignproof::inline sweeps
