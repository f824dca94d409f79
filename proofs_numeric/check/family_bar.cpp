// SPDX-License-Identifier: Apache-2.0
// How far the check of a family has come, on a terminal alone.
#include <alignproof/core/no_fast_math.hpp>

#include "family_bar.hpp"

#include <string>

#include <unistd.h>

#include <fmt/format.h>

namespace alignproof::check {

namespace {

/// What cannot be shown is not missed.
void show(const std::string& text) {
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

}  // namespace

FamilyBar::FamilyBar() : terminal_(isatty(STDERR_FILENO) == 1) {}

void FamilyBar::expect(std::size_t units) {
  const std::lock_guard lock(mutex_);
  total_ += units;
}

void FamilyBar::advance(std::size_t units) {
  const std::lock_guard lock(mutex_);
  done_ += units;
  const auto now = std::chrono::steady_clock::now();
  if (!terminal_ || now - shown_ < std::chrono::milliseconds(100)) return;
  shown_ = now;
  const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(now - start_).count();
  const auto left = static_cast<std::size_t>(elapsed) * (total_ - done_) / done_;
  show(fmt::format("\r\033[Kchecked {} of {} seeds, about {} s left", done_, total_, left));
}

void FamilyBar::clear() {
  const std::lock_guard lock(mutex_);
  if (terminal_ && done_ > 0) show("\r\033[K");
}

}  // namespace alignproof::check
