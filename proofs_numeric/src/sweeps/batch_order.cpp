// SPDX-License-Identifier: Apache-2.0
#include "sweeps/batch_order.hpp"

#include <algorithm>
#include <utility>

#include <alignproof/random/normal.hpp>

namespace alignproof::inline sweeps {

std::span<const std::size_t> BatchOrder::batch_at(std::size_t t) {
  const std::size_t epoch = t / batches_an_epoch();
  if (epoch != epoch_) {
    std::vector<std::pair<std::uint64_t, std::size_t>> keys(order_.size());
    for (std::size_t i = 0; i < keys.size(); ++i)
      keys[i] = {random_bits(seed_, Stream::batches, static_cast<std::uint32_t>(epoch),
                             static_cast<std::uint32_t>(i)),
                 i};
    std::sort(keys.begin(), keys.end());
    for (std::size_t i = 0; i < keys.size(); ++i) order_[i] = keys[i].second;
    epoch_ = epoch;
  }
  return std::span(order_).subspan(t % batches_an_epoch() * batch_, batch_);
}

}  // namespace alignproof::inline sweeps
