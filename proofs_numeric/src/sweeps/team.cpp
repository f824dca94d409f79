// SPDX-License-Identifier: Apache-2.0
#include "sweeps/team.hpp"

#include <cstddef>
#include <exception>

namespace alignproof::inline sweeps {

Team::Team(std::size_t threads) : gate_(static_cast<std::ptrdiff_t>(threads)) {
  std::size_t t = 1;
  try {
    for (; t < threads; ++t) helpers_.emplace_back([this] { help(); });
  } catch (const std::exception&) {
    for (; t < threads; ++t) gate_.arrive_and_drop();
  }
}

Team::~Team() {
  body_ = nullptr;
  gate_.arrive_and_wait();
}

void Team::for_each(std::size_t count, const std::function<void(std::size_t)>& body) {
  body_ = &body, count_ = count, next_ = 0;
  gate_.arrive_and_wait();
  work();
  gate_.arrive_and_wait();
}

void Team::help() {
  for (;;) {
    gate_.arrive_and_wait();
    if (!body_) return;
    work();
    gate_.arrive_and_wait();
  }
}

void Team::work() noexcept {
  for (std::size_t i; (i = next_.fetch_add(1)) < count_;) (*body_)(i);
}

}  // namespace alignproof::inline sweeps
