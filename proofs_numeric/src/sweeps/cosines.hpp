// SPDX-License-Identifier: Apache-2.0
// Angles between weights of a classifier, and between the errors that they send back.
#pragma once

#include <array>
#include <vector>

#include <alignproof/sweeps/classifier.hpp>

namespace alignproof::inline sweeps {

/// <a, b> / (|a| |b|); 0 if either vanishes.
double cosine_of(const std::vector<float>& a, const std::vector<float>& b);

/// cos angle(b e, beta e) for p x 10 weights b and beta: <b e, beta e> = e^T (b^T beta) e, and so
/// on.
class SignalCosine {
 public:
  SignalCosine(const std::vector<float>& b, const std::vector<float>& beta);
  double operator()(const std::array<double, classifier_outputs>& e) const;

 private:
  using Gram = std::array<std::array<double, classifier_outputs>, classifier_outputs>;

  static Gram gram(const std::vector<float>& A, const std::vector<float>& B);
  static double quadratic(const Gram& G, const std::array<double, classifier_outputs>& e);

  Gram b_beta_, b_b_, beta_beta_;
};

}  // namespace alignproof::inline sweeps
