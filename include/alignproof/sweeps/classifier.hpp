// SPDX-License-Identifier: Apache-2.0
// Training of an image classifier with ten outputs in float, by feedback alignment,
// backpropagation, or of its last layer alone.
//
// With images x_i of d pixels, labels c_i, p hidden units a layer and batches of m images:
//
//   two layers     h = psi(W x),                            f = beta^T h / sqrt p
//   three layers   h1 = psi(W x), h = psi(V h1 / sqrt p),   f = beta^T h / sqrt p
//
// and the mean cross-entropy of softmax(f), with e = softmax(f) - onehot(c). A step of rate `step`:
//
//   beta -= step (sum_i h_i e_i^T / (m sqrt p) + reg beta)
//   delta_i = (back e_i) o psi'(a_i) / sqrt p          back = b (FA) or beta before the step (BP)
//   two layers     W -= step sum_i delta_i x_i^T / m
//   three layers   delta1_i = (M^T delta_i) o psi'(a1_i) / sqrt p    M = B (FA) or V before the
//   step
//                  V -= step sum_i delta_i h1_i^T / (m sqrt p),   W -= step sum_i delta1_i x_i^T /
//                  m
//
// Dropout of rate q on the last hidden layer: h and delta of a dropped unit are 0, of a kept one
// they are divided by 1 - q; nothing is dropped when the network is observed.
//
// What is random, all of it counter-based (random/normal.hpp): W, V, beta, b, B are N(0, 1) rounded
// to float. Epoch s takes the images in the order of random_bits(seed, batches, s, image); a last
// incomplete batch is left out. The batch after t others is step t of random/dropout.hpp, its
// images are the samples.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/dynamics/learning_rule.hpp>
#include <alignproof/format/instance.hpp>
#include <alignproof/network/idx.hpp>

namespace alignproof::inline sweeps {

inline constexpr std::size_t classifier_outputs = 10;

struct ClassifierSpec {
  std::size_t layers = 2;                    ///< of weights: 2 or 3
  std::size_t width = 1000;                  ///< p, up to 65536
  Activation activation = Activation::relu;  ///< relu, tanh, sigmoid or identity
  /// fa: errors return through b and B; bp: through beta and V, the gradient of the loss; shallow:
  /// only beta learns.
  LearningRule learning;
  double step = 1;          ///< finite, > 0
  double reg = 0;           ///< penalty on beta alone, its gradient reg beta; finite, >= 0
  double dropout = 0;       ///< q, in [0, 1)
  std::size_t batch = 600;  ///< m, up to 65536 and to the number of images
  std::size_t epochs = 1;
  std::size_t every = 100;  ///< batches between observations
  std::uint64_t seed = 1;
  /// Root of the mean |x_i|^2 of the training images: x_i is the pixels, not centred, times one
  /// factor; the test images have the same one.
  double input_norm = 1;

  bool operator==(const ClassifierSpec&) const = default;
};

/// Row-major. Those that the network does not have are empty.
struct ClassifierWeights {
  std::vector<float> W;     ///< p x d
  std::vector<float> V;     ///< p x p, three layers
  std::vector<float> beta;  ///< p x 10
  std::vector<float> b;     ///< p x 10, fixed
  std::vector<float> B;     ///< p x p, three layers, fixed
};

/// All of it at the weights after `batch` batches, without dropout; loss (mean cross-entropy,
/// penalty not counted), train_accuracy and signal_cosine on the last batch trained on, at the
/// start on the first.
struct ClassifierPoint {
  std::size_t batch = 0;
  double loss = 0, train_accuracy = 0, test_accuracy = 0;
  double weight_cosine = 0;  ///< cos angle(b, beta) = <b, beta>_F / (|b| |beta|)
  /// Mean of cos angle(b e_i, beta e_i) over the batch; 0 counts where either vanishes.
  double signal_cosine = 0;
  std::optional<double> middle_cosine;  ///< cos angle(B, V), three layers
};

struct ClassifierRun {
  std::vector<ClassifierPoint> points;  ///< at 0, every `every` batches, and at the end
  /// Number of batches after which the loss of the next, or the observed one, was not finite. A
  /// result: the run stops there.
  std::optional<std::size_t> diverged_at;
};

/// A training that its owner moves from batch to batch. Hidden units are split into chunks in a way
/// that depends on the width alone, and sums over chunks run in their order: the bits depend on the
/// processor's matrix product (`blas_core`), not on `threads`. Keeps references to the images.
/// OpenBLAS is loaded by the first of them, with one thread; the threads are our own.
class ClassifierTraining {
 public:
  /// Throws InputError on a spec outside of what is said above, sets of different sizes of image, a
  /// label above 9, an empty test set, training images all black, or no threads.
  ClassifierTraining(const ImageSet& train, const ImageSet& test, const ClassifierSpec& spec,
                     std::size_t threads);
  ~ClassifierTraining();
  ClassifierTraining(const ClassifierTraining&) = delete;
  ClassifierTraining& operator=(const ClassifierTraining&) = delete;

  /// One step; returns the loss of its batch before it (with dropout). If that is not finite
  /// nothing is changed.
  double train_batch();
  ClassifierPoint observe();
  std::size_t batches_done() const;
  std::size_t batches_an_epoch() const;
  const ClassifierWeights& weights() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The whole training. `progress` is called after every batch, by the calling thread.
ClassifierRun train_classifier(const ImageSet& train, const ImageSet& test,
                               const ClassifierSpec& spec, std::size_t threads,
                               const std::function<void(std::size_t batches_done)>& progress = {});

/// Which kernels the matrix product uses, for instance "Zen": part of a run's provenance. They are
/// those of the chosen instructions, otherwise those that OpenBLAS chooses for this processor.
/// Throws InputError if OpenBLAS cannot be loaded.
std::string blas_core();

}  // namespace alignproof::inline sweeps
