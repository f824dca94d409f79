// SPDX-License-Identifier: Apache-2.0
#include <alignproof/sweeps/ending.hpp>

#include <algorithm>
#include <cmath>

namespace alignproof::inline sweeps {

namespace {

/// Every so many steps a run looks whether its loss has settled; by less than this, it has.
constexpr std::size_t look_every = 1000;
constexpr double settled_by = 1e-3;

}  // namespace

std::size_t settled_steps(std::size_t width) {
  return static_cast<std::size_t>(
      std::llround(std::floor(5000 * std::sqrt(static_cast<double>(width))) / 14));
}

std::size_t most_steps(std::size_t width) {
  return 10 * settled_steps(width);
}

Ending::Ending(const RegressionSpec& spec)
    : least_(spec.steps ? *spec.steps : settled_steps(spec.width)),
      most_(spec.steps ? least_ : most_steps(spec.width)),
      settled_(spec.steps.has_value()) {}

std::size_t Ending::next(std::size_t t) const {
  std::size_t next = settled_ ? least_ : (t + 1) / look_every * look_every + look_every - 1;
  if (t < least_) next = std::min(next, least_);
  return std::min({next, t + look_every, most_});
}

bool Ending::looks(std::size_t t) const {
  return !settled_ && t % look_every == look_every - 1;
}

void Ending::look(double loss) {
  settled_ = std::abs(loss - seen_) < settled_by;
  seen_ = loss;
}

}  // namespace alignproof::inline sweeps
