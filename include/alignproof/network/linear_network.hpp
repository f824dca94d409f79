// SPDX-License-Identifier: Apache-2.0
// Linear networks of any width. An orthogonal map of the hidden units changes nothing that such a
// network computes, so its p x (d + 2k) weights (W0, beta0, b) may be replaced by their triangular
// factor of min(d + 2k, p) rows: for Gaussian weights that is Bartlett's, and a width of 10^12
// costs what 100 does. reports/docs/reduced.md
#pragma once

#include <cstdint>

#include <alignproof/format/instance.hpp>
#include <alignproof/network/data.hpp>

namespace alignproof::inline network {

/// W0, beta0 and b of `weights` have as many rows as they need; outputs are divided by sqrt p.
struct LinearNetwork {
  Instance weights;
  std::uint64_t p = 0;  ///< hidden units, at least the rows of W0
};

/// The instance as it is.
LinearNetwork linear_network(const Instance& instance);

/// Gaussian weights, sampled by their Gram matrix alone: the distribution of `make_instance`, not
/// the same numbers. p up to 10^15. Throws InputError unless the activation is the identity, and
/// otherwise as `make_instance` and `bartlett_factor`.
LinearNetwork sample_linear_network(const Data& data, const NetworkSpec& spec);

}  // namespace alignproof::inline network
