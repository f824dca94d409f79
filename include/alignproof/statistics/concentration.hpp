// SPDX-License-Identifier: Apache-2.0
// How fast G(0) = Psi(0)^T Psi(0) / p concentrates about its limit Gbar as the width p grows.
#pragma once

#include <cstddef>
#include <vector>

#include <alignproof/core/parallel.hpp>
#include <alignproof/kernels/limit_kernel.hpp>
#include <alignproof/network/data.hpp>
#include <alignproof/statistics/tests.hpp>

namespace alignproof::inline statistics {

/// |G(0) - Gbar|, the spectral norm, of one instance in doubles.
double distance_to_limit(const Instance& instance, const LimitKernel& limit);

struct Concentration {
  std::vector<std::size_t> widths;
  std::vector<std::vector<double>> distance;  ///< |G(0) - Gbar|, [width][run]
  MedianSlope order;                          ///< the exponent in p
};

/// Fresh weights for every width and run, made as `network` says from its seed on; each limit of
/// the exponent errs with probability at most `level`. The result does not depend on `jobs`. Throws
/// InputError unless there are two different widths or more, and `least_tuples(level)` runs.
Concentration concentrate(const Data& data, NetworkSpec network,
                          const std::vector<std::size_t>& widths, std::size_t runs, double level,
                          std::size_t jobs, Progress& progress);

/// The median, of an even number of values the larger of the middle two.
double upper_median(std::vector<double> values);

}  // namespace alignproof::inline statistics
