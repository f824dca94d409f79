// SPDX-License-Identifier: Apache-2.0
// Threads that share a row of passes, and the split of a pass among them.
#pragma once

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace alignproof::inline sweeps {

/// Threads that wait between passes. Bodies must not throw.
class Team {
 public:
  /// Of fewer, where no more are to be had.
  explicit Team(std::size_t threads);
  ~Team();
  Team(const Team&) = delete;
  Team& operator=(const Team&) = delete;

  /// body(0), ..., body(count - 1), in any order, by whichever thread is free.
  void for_each(std::size_t count, const std::function<void(std::size_t)>& body);

 private:
  void help();
  void work() noexcept;

  std::barrier<> gate_;
  const std::function<void(std::size_t)>* body_ = nullptr;
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_{0};
  std::vector<std::jthread> helpers_;
};

/// A split of 0, ..., size - 1 that depends on the size alone. Few large chunks: a product first
/// copies its operands, and every chunk copies the images again.
class Chunks {
 public:
  explicit Chunks(std::size_t size)
      : size_(size), count_(std::max((size + 511) / 512, std::min<std::size_t>(size, 2))) {}
  std::size_t count() const { return count_; }
  std::size_t begin(std::size_t c) const { return size_ * c / count_; }
  std::size_t length(std::size_t c) const { return begin(c + 1) - begin(c); }

 private:
  std::size_t size_, count_;
};

}  // namespace alignproof::inline sweeps
