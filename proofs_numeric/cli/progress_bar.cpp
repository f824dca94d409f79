// SPDX-License-Identifier: Apache-2.0
#include "progress_bar.hpp"
#include "to_stderr.hpp"

#include <cstdio>

#include <unistd.h>

#include <fmt/format.h>

namespace alignproof::cli {

ProgressBar::ProgressBar(std::string label)
    : label_(std::move(label)), terminal_(isatty(STDERR_FILENO)) {}

ProgressBar::~ProgressBar() {
  if (terminal_) to_stderr("\r\033[K");
}

void ProgressBar::expect(std::size_t units) {
  const std::lock_guard lock(mutex_);
  total_ += units;
  if (terminal_) show();
}

std::string in_words(double seconds) {
  if (!(seconds < 1e7)) return "months";
  const auto s = static_cast<long>(seconds + 0.5);
  if (s < 100) return fmt::format("{} s", s);
  if (s < 6000) return fmt::format("{} min {:02} s", s / 60, s % 60);
  return fmt::format("{} h {:02} min", s / 3600, s / 60 % 60);
}

void ProgressBar::advance(std::size_t units) {
  const std::lock_guard lock(mutex_);
  done_ += units;
  show();
}

void ProgressBar::show() {
  const auto now = Clock::now();
  const double share = total_ == 0 ? 1.0 : static_cast<double>(done_) / static_cast<double>(total_);
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const double left = share > 0 ? elapsed * (1 - share) / share : 0;
  if (terminal_) {
    if (now - shown_ < std::chrono::milliseconds(100)) return;
    constexpr int width = 30;
    const int full = static_cast<int>(share * width);
    to_stderr("\r\033[K{} [{:=<{}}{:<{}}] {:3.0f} %  {}", label_, "", full, "", width - full,
              100 * share, share > 0 ? in_words(left) + " left" : "");
    std::fflush(stderr);
  } else if (static_cast<int>(10 * share) > last_tenth_) {
    last_tenth_ = static_cast<int>(10 * share);
    to_stderr("{}: {:.0f} %, {} left\n", label_, 100 * share, in_words(left));
  }
  shown_ = now;
}

}  // namespace alignproof::cli
