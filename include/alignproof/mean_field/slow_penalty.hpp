// SPDX-License-Identifier: Apache-2.0
// A penalty on the slow time tau = eta t / sqrt p, and the time that it makes for the hidden units,
// Lambda(tau) = int_0^tau lambda.
#pragma once

#include <limits>

#include <alignproof/format/instance.hpp>

namespace alignproof::inline mean_field {

/// lambda, lambda r^tau or lambda / (1 + tau/s)^2 until the cut, then 0.
struct SlowPenalty {
  double lambda = 1;
  Decay decay = Decay::constant;
  double scale = 1;  ///< r of geometric, s of inverse_square, 1 for constant
  double cut = std::numeric_limits<double>::infinity();  ///< 0 from tau = cut on

  double operator()(double tau) const;
  /// int_0^tau lambda.
  double Lambda(double tau) const;
  /// The penalty at which Lambda is reached, as if there were no cut: a polynomial in Lambda.
  double at_Lambda(double Lambda) const;
  /// The slow time at which Lambda is reached, as if there were no cut; infinite from the last on.
  double tau(double Lambda) const;
  bool operator==(const SlowPenalty&) const = default;
};

/// Throws InputError unless lambda > 0, 0 < r < 1, s > 0, all finite, and cut > 0.
void require_valid(const SlowPenalty& penalty);

}  // namespace alignproof::inline mean_field
