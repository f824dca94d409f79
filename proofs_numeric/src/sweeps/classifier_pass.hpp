// SPDX-License-Identifier: Apache-2.0
// A classifier forward and back: what it says of some images, and the step that their errors make.
// Matrices are row-major, hidden values p x m with a row a unit, errors 10 x m. A pass is a
// sequence of loops over chunks of units; what a loop reads, no chunk of the same loop writes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <alignproof/random/dropout.hpp>
#include <alignproof/sweeps/classifier.hpp>

#include "sweeps/matrix_product.hpp"
#include "sweeps/team.hpp"

namespace alignproof::inline sweeps {

class ClassifierPass {
 public:
  /// For images of d pixels, which are multiplied by `factor`, up to spec.batch of them at a time.
  ClassifierPass(const ClassifierSpec& spec, std::size_t d, float factor, std::size_t threads);

  const ClassifierWeights& weights() const { return weights_; }

  /// The images that the functions below speak of.
  void load(const ImageSet& images, std::span<const std::size_t> chosen);
  /// The outputs f, with the dropout of the batch after `dropping_at` others, or without any.
  void forward(std::optional<std::size_t> dropping_at = {});
  /// e = softmax(f) - onehot; returns the mean cross-entropy.
  double errors();
  /// e of image i.
  std::array<double, classifier_outputs> error(std::size_t i) const;
  /// Images whose largest output (the first of equal ones) is that of their label.
  std::size_t hits() const;
  /// The step, after `forward` and `errors` of a whole batch.
  void backward();

 private:
  bool deep() const { return spec_.layers == 3; }
  std::vector<float>& last_hidden() { return deep() ? h2_ : h1_; }
  std::vector<float>& last_delta() { return deep() ? delta2_ : delta1_; }

  void hidden(std::size_t c, const std::vector<float>& weights, std::size_t inner, Operand input,
              double factor, std::vector<float>& h);
  void drop(std::size_t c, std::size_t t);
  void partial_logits(std::size_t c, double scale);

  void send_to_last(std::size_t c);
  void step_beta(std::size_t c);
  void send_to_first(std::size_t c);
  void step_hidden(std::size_t c, const std::vector<float>& delta, Operand input, std::size_t inner,
                   double factor, std::vector<float>& weights) const;

  ClassifierSpec spec_;
  std::size_t d_, p_, m_;
  double root_p_;
  float factor_;
  DropoutMask mask_;
  Chunks chunks_;
  Team team_;
  ClassifierWeights weights_;

  std::size_t n_ = 0;  ///< images in x_
  std::vector<std::uint8_t> labels_;
  std::vector<float> x_, h1_, h2_, delta1_, delta2_, f_, e_, partial_, beta_step_, sums_, most_;
  std::vector<std::uint8_t> kept_;
};

}  // namespace alignproof::inline sweeps
