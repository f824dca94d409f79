// SPDX-License-Identifier: Apache-2.0
// One epoch of the image classifier at the size of the published simulations: 60,000 images of
// 28 x 28, ReLU, p = 1000, batches of 600, feedback alignment, on 1 and 2 threads. The same epoch
// in PyTorch: peer/image_epoch.py.
#include <benchmark/benchmark.h>

#include <alignproof/random/normal.hpp>
#include <alignproof/sweeps/classifier.hpp>

namespace {

using namespace alignproof;

/// Fashion-MNIST, or noise of its size: the time is the same.
ImageSet training_images() {
  if (const auto folder = fashion_mnist_folder()) return read_image_folder(*folder);
  ImageSet noise{28, 28, {}, {}};
  for (std::uint32_t i = 0; i < 60000; ++i) {
    noise.labels.push_back(static_cast<std::uint8_t>(i % classifier_outputs));
    for (std::uint32_t j = 0; j < 28 * 28; ++j)
      noise.pixels.push_back(static_cast<std::uint8_t>(random_bits(1, Stream::X, i, j) & 0xff));
  }
  return noise;
}

void image_epoch(benchmark::State& timer) {
  static const ImageSet images = training_images();
  ClassifierTraining training(images, images, {}, static_cast<std::size_t>(timer.range(0)));
  training.train_batch();
  for (auto _ : timer)
    for (std::size_t t = 0; t < training.batches_an_epoch(); ++t)
      benchmark::DoNotOptimize(training.train_batch());
  timer.SetLabel("fa relu p=1000 batch=600 float, " + blas_core());
}

BENCHMARK(image_epoch)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
