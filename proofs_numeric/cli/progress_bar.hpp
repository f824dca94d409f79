// SPDX-License-Identifier: Apache-2.0
// A progress bar with the time left on a terminal that can move its cursor; a plain line every ten
// per cent elsewhere.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include <alignproof/core/parallel.hpp>

namespace alignproof::cli {

/// "42 s", "12 min 05 s", "3 h 07 min".
std::string in_words(double seconds);

/// A line of at most so many columns: the label, a bar where there is room for it, the share and
/// the words, of which those that do not fit are left out.
std::string bar_line(const std::string& label, double share, const std::string& words,
                     std::size_t columns);

/// Whether units take about as long as each other: only then the time that is left is known.
enum class Units { alike, unlike };

/// Writes to standard error only: the time that is left, or of unlike units the time so far.
class ProgressBar : public Progress {
 public:
  explicit ProgressBar(std::string label, Units units = Units::alike);
  ~ProgressBar() override;
  void expect(std::size_t units) override;
  void advance(std::size_t units) override;

 private:
  void show();
  std::string time_in_words(double share, double elapsed) const;

  using Clock = std::chrono::steady_clock;
  std::string label_;
  Units units_;
  bool terminal_;
  std::mutex mutex_;
  std::size_t total_ = 0, done_ = 0;
  Clock::time_point start_ = Clock::now(), shown_{};
  int last_tenth_ = 0;
};

}  // namespace alignproof::cli
