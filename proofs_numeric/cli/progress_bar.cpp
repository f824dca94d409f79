// SPDX-License-Identifier: Apache-2.0
#include "progress_bar.hpp"
#include "to_stderr.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string_view>

#include <sys/ioctl.h>
#include <unistd.h>

#include <fmt/format.h>

namespace alignproof::cli {

namespace {

/// A terminal on which a line can be written again, and whose user wants that.
bool can_rewrite_lines() {
  const char *type = std::getenv("TERM"), *plain = std::getenv("NO_COLOR");
  const bool is_plain = plain && *plain != '\0';
  return isatty(STDERR_FILENO) && type && *type != '\0' && std::string_view(type) != "dumb" &&
         !is_plain;
}

/// Of the terminal as it is now: it may be resized. COLUMNS, where it is set, is meant to prevail.
std::size_t columns() {
  if (const char* text = std::getenv("COLUMNS")) {
    const std::string_view given = text;
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(given.data(), given.data() + given.size(), value);
    if (error == std::errc{} && end == given.data() + given.size() && value > 0) return value;
  }
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

std::string bar_line(const std::string& label, double share, const std::string& words,
                     std::size_t columns) {
  constexpr std::size_t widest = 30, narrowest = 3;
  const std::string percent = fmt::format("{:3.0f} %", 100 * share);
  const std::string end = words.empty() ? percent : percent + "  " + words;
  for (const std::string& after : {end, percent}) {
    const std::size_t rest = label.size() + after.size() + 4;  // two brackets, two spaces
    if (columns < rest + narrowest) continue;
    const std::size_t width = std::min(widest, columns - rest);
    const auto full = static_cast<std::size_t>(share * static_cast<double>(width));
    return fmt::format("{} [{:=<{}}{:<{}}] {}", label, "", full, "", width - full, after);
  }
  const std::size_t first = percent.find_first_not_of(' ');
  return fmt::format("{} {}", percent.substr(first), label).substr(0, columns);
}

ProgressBar::ProgressBar(std::string label, Units units)
    : label_(std::move(label)), units_(units), terminal_(can_rewrite_lines()) {}

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

std::string ProgressBar::time_in_words(double share, double elapsed) const {
  switch (units_) {
    case Units::alike:
      return share > 0 ? in_words(elapsed * (1 - share) / share) + " left" : "";
    case Units::unlike:
      return in_words(elapsed) + " so far";
  }
  throw std::logic_error("no such units");
}

void ProgressBar::show() {
  const auto now = Clock::now();
  const double share = total_ == 0 ? 1.0 : static_cast<double>(done_) / static_cast<double>(total_);
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const std::string time = time_in_words(share, elapsed);
  if (terminal_) {
    if (now - shown_ < std::chrono::milliseconds(100)) return;
    // The last column stays free: there some terminals begin a new line.
    to_stderr("\r\033[K{}", bar_line(label_, share, time, columns() - 1));
    std::fflush(stderr);
  } else if (static_cast<int>(10 * share) > last_tenth_) {
    last_tenth_ = static_cast<int>(10 * share);
    to_stderr("{}: {:.0f} %, {}\n", label_, 100 * share, time);
  }
  shown_ = now;
}

}  // namespace alignproof::cli
