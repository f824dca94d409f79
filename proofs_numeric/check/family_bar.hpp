// SPDX-License-Identifier: Apache-2.0
// How far the check of a family has come, on a terminal alone.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>

#include <alignproof/core/parallel.hpp>

namespace alignproof::check {

/// Writes one line to standard error, again and again in the same place, if that is a terminal.
class FamilyBar : public Progress {
 public:
  FamilyBar();
  ~FamilyBar() override { clear(); }
  FamilyBar(const FamilyBar&) = delete;
  FamilyBar& operator=(const FamilyBar&) = delete;

  void expect(std::size_t units) override;
  void advance(std::size_t units) override;
  /// Takes the line away.
  void clear();

 private:
  const bool terminal_;
  std::mutex mutex_;
  std::size_t total_ = 0, done_ = 0;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), shown_{};
};

}  // namespace alignproof::check
