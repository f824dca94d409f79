// SPDX-License-Identifier: Apache-2.0
// When the error falls below thresholds, and stays below (reports/docs/certificates.md, section 6).
#include <alignproof/core/no_fast_math.hpp>

#include "times.hpp"

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

namespace alignproof::check {

namespace {

Ball power(const Ball& x, std::size_t exponent) {
  Ball result;
  arb_pow_ui(result.get(), x.get(), exponent, precision());
  return result;
}

}  // namespace

void TimeCheck::observe(std::size_t t, const Ball& error) {
  for (const TimeClaim& claim : claims_) {
    if (t < claim.lower) above_.require_greater(t, error, claim.threshold);
    if (t >= claim.upper) below_.require(t, claim.threshold, error);
  }
}

void TimeCheck::conclude(std::vector<Condition>& conditions, const Ball& eta) const {
  const std::size_t T = leg_.checkpoint;
  const Ball factor = 1 - eta * leg_.statement.alpha;
  for (const TimeClaim& claim : claims_) {
    const std::string name = fmt::format("threshold {}: ", quoted(claim.threshold));
    // Of |e(t)| beyond T nothing is known from below.
    conditions.push_back({name + "T + 1 >= lower",
                          claim.lower <= T + 1 ? Decision::proved : Decision::violated,
                          fmt::format("lower = {}, T = {}", claim.lower, T)});
    // Where upper <= T the error was below at T, and it falls from there on.
    if (claim.upper > T)
      conditions.push_back(require_at_least(name + "threshold >= (1 - eta alpha)^(upper - T) error",
                                            claim.threshold,
                                            power(factor, claim.upper - T) * leg_.statement.error));
  }
}

}  // namespace alignproof::check
