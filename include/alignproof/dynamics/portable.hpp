// SPDX-License-Identifier: Apache-2.0
// A run of the dynamics whose bits are the same from every compiler and on every processor: a
// reference for the fast runs, which agree with it within rounding.
//
// It trusts: IEEE 754 doubles in round-to-nearest (checked at entry); std::fma and std::sqrt, which
// IEEE 754 defines to the bit; MPFR's functions to be correctly rounded, as its manual promises, in
// its default exponent range; SHA-256. No other function of libm, no BLAS, no Eigen.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/dynamics/learning_rule.hpp>
#include <alignproof/format/instance.hpp>

namespace alignproof::inline dynamics {

struct PortableRun {
  std::vector<double> error;               ///< |e(t)|, t = 0, ..., T or the step before divergence
  std::optional<std::size_t> diverged_at;  ///< first t at which |e(t)| is above 1e100 or no number
  Array W;                                 ///< p x d, after the last step done
  Array beta, b;                           ///< p, or p x k
  /// SHA-256 of the little-endian bits of W, beta, error and, where the rule moves it, b (every NaN
  /// as one).
  std::string hash;
};

/// The weight form, each sum a chain of fused operations in index order. psi and psi' are computed
/// by MPFR at 120 bits and rounded once to double: slow, meant for small instances. Throws
/// InputError as `require_valid` does, std::runtime_error if doubles do not round to nearest or
/// subnormal numbers are flushed to zero.
PortableRun portable_run(const Instance& instance, LearningRule rule);

}  // namespace alignproof::inline dynamics
