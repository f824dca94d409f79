// SPDX-License-Identifier: Apache-2.0
// In which batches the images of an epoch come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace alignproof::inline sweeps {

/// Epoch s takes the images in the order of random_bits(seed, Stream::batches, s, image), ties by
/// image; a last incomplete batch is left out.
class BatchOrder {
 public:
  BatchOrder(std::uint64_t seed, std::size_t images, std::size_t batch)
      : seed_(seed), batch_(batch), order_(images) {}

  std::size_t batches_an_epoch() const { return order_.size() / batch_; }
  /// The images of the batch after t others, until it is asked for another.
  std::span<const std::size_t> batch_at(std::size_t t);

 private:
  std::uint64_t seed_;
  std::size_t batch_;
  std::vector<std::size_t> order_;
  std::size_t epoch_ = std::numeric_limits<std::size_t>::max();  ///< whose order it is
};

}  // namespace alignproof::inline sweeps
