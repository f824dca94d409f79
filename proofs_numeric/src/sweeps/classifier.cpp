// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/classifier.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

#include "sweeps/batch_order.hpp"
#include "sweeps/blas.hpp"
#include "sweeps/classifier_pass.hpp"
#include "sweeps/classifier_premises.hpp"
#include "sweeps/cosines.hpp"

namespace alignproof::inline sweeps {

class ClassifierTraining::Impl {
 public:
  Impl(const ImageSet& train, const ImageSet& test, const ClassifierSpec& spec, std::size_t threads)
      : train_(train),
        test_(test),
        batch_(spec.batch),
        order_(spec.seed, train.count(), spec.batch),
        all_test_(test.count()),
        pass_(spec, train.rows * train.cols, pixel_factor(train, spec.input_norm), threads) {
    std::iota(all_test_.begin(), all_test_.end(), std::size_t{0});
  }

  double train_batch();
  ClassifierPoint observe();

  std::size_t done = 0;
  const ClassifierWeights& weights() const { return pass_.weights(); }
  std::size_t batches_an_epoch() const { return order_.batches_an_epoch(); }

 private:
  double signal_cosine() const;
  double test_accuracy();

  const ImageSet &train_, &test_;
  std::size_t batch_;  ///< m
  BatchOrder order_;
  std::vector<std::size_t> all_test_;
  ClassifierPass pass_;
};

double ClassifierTraining::Impl::train_batch() {
  pass_.load(train_, order_.batch_at(done));
  pass_.forward(done);
  const double loss = pass_.errors();
  if (!std::isfinite(loss)) return loss;
  pass_.backward();
  ++done;
  return loss;
}

double ClassifierTraining::Impl::signal_cosine() const {
  const SignalCosine cosine(weights().b, weights().beta);
  double sum = 0;
  for (std::size_t i = 0; i < batch_; ++i) sum += cosine(pass_.error(i));
  return sum / static_cast<double>(batch_);
}

double ClassifierTraining::Impl::test_accuracy() {
  const std::span<const std::size_t> all(all_test_);
  std::size_t count = 0;
  for (std::size_t i = 0; i < all.size(); i += batch_) {
    pass_.load(test_, all.subspan(i, std::min(batch_, all.size() - i)));
    pass_.forward();
    count += pass_.hits();
  }
  return static_cast<double>(count) / static_cast<double>(all.size());
}

ClassifierPoint ClassifierTraining::Impl::observe() {
  ClassifierPoint point;
  point.batch = done;
  pass_.load(train_, order_.batch_at(done == 0 ? 0 : done - 1));
  pass_.forward();
  point.train_accuracy = static_cast<double>(pass_.hits()) / static_cast<double>(batch_);
  point.loss = pass_.errors();
  point.signal_cosine = signal_cosine();
  point.weight_cosine = cosine_of(weights().b, weights().beta);
  if (!weights().V.empty()) point.middle_cosine = cosine_of(weights().B, weights().V);
  point.test_accuracy = test_accuracy();
  return point;
}

// ---- Interface ----------------------------------------------------------------------------------

ClassifierTraining::ClassifierTraining(const ImageSet& train, const ImageSet& test,
                                       const ClassifierSpec& spec, std::size_t threads) {
  require_sets(train, test);
  require_spec(spec, train.count());
  require_count("threads", threads, 4096);
  impl_ = std::make_unique<Impl>(train, test, spec, threads);
}

ClassifierTraining::~ClassifierTraining() = default;

double ClassifierTraining::train_batch() {
  return impl_->train_batch();
}
ClassifierPoint ClassifierTraining::observe() {
  return impl_->observe();
}
std::size_t ClassifierTraining::batches_done() const {
  return impl_->done;
}
std::size_t ClassifierTraining::batches_an_epoch() const {
  return impl_->batches_an_epoch();
}
const ClassifierWeights& ClassifierTraining::weights() const {
  return impl_->weights();
}

ClassifierRun train_classifier(const ImageSet& train, const ImageSet& test,
                               const ClassifierSpec& spec, std::size_t threads,
                               const std::function<void(std::size_t)>& progress) {
  ClassifierTraining training(train, test, spec, threads);
  const std::size_t total = spec.epochs * training.batches_an_epoch();
  ClassifierRun run;
  for (std::size_t t = 0;; ++t) {
    if (t % spec.every == 0 || t == total) {
      const ClassifierPoint point = training.observe();
      if (!std::isfinite(point.loss)) return run.diverged_at = t, run;
      run.points.push_back(point);
    }
    if (t == total) return run;
    if (!std::isfinite(training.train_batch())) return run.diverged_at = t, run;
    if (progress) progress(t + 1);
  }
}

std::string blas_core() {
  return blas().core;
}

}  // namespace alignproof::inline sweeps
