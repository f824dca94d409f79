// SPDX-License-Identifier: Apache-2.0
// Dropout of rate q on hidden units: at each step some are left out, what stays is divided by 1 -
// q. At step t unit r of sample i, of n samples, is left out if bits 16 (i mod 4), ..., 16 (i mod
// 4) + 15 of
//
//   random_bits(seed, Stream::dropout, t, r ceil(n / 4) + floor(i / 4))
//
// make a number below 2^16 q; for this q is rounded to a multiple of 2^-16.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>

#include <alignproof/core/error.hpp>
#include <alignproof/random/normal.hpp>

namespace alignproof::inline random {

struct Dropout {
  double rate = 0;  ///< in [0, 1)
  std::uint64_t seed = 1;
};

/// Whether a rate is in [0, 1), rounded too.
inline bool is_dropout_rate(double rate) {
  return rate >= 0 && std::round(rate * 0x1p16) < 0x1p16;
}
inline constexpr const char* dropout_rates = "a number in [0, 1), not within 2^-17 of 1";

/// Which units are left out, of `units` on `samples` samples.
class DropoutMask {
 public:
  /// Throws InputError on another rate, and on more units than the counters of a step.
  DropoutMask(const Dropout& dropout, std::size_t units, std::size_t samples)
      : seed_(dropout.seed), samples_(samples), words_((samples + 3) / 4) {
    if (!is_dropout_rate(dropout.rate))
      throw InputError("dropout", quoted(dropout.rate), dropout_rates);
    below_ = static_cast<std::uint32_t>(std::round(dropout.rate * 0x1p16));
    if (below_ > 0 && units * words_ > UINT32_MAX)
      throw InputError("width", std::to_string(units), "less than 2^34 / n with dropout");
  }

  bool drops() const { return below_ > 0; }
  /// 1 - q: a multiple of 2^-16, exact in float and double.
  double kept_share() const { return 1 - below_ * 0x1p-16; }

  /// take(i, whether it is kept) for the samples i of a unit at step t.
  template <class Take>
  void for_each_sample(std::size_t t, std::size_t unit, Take&& take) const {
    for (std::size_t i = 0; i < samples_; i += 4) {
      const std::uint64_t bits = random_bits(seed_, Stream::dropout, static_cast<std::uint32_t>(t),
                                             static_cast<std::uint32_t>(unit * words_ + i / 4));
      for (std::size_t j = i; j < std::min(i + 4, samples_); ++j)
        take(j, (bits >> (16 * (j - i)) & 0xffff) >= below_);
    }
  }

 private:
  std::uint64_t seed_;
  std::size_t samples_, words_;
  std::uint32_t below_ = 0;  ///< q in units of 2^-16
};

}  // namespace alignproof::inline random
