// SPDX-License-Identifier: Apache-2.0
// A search with the digits and the radius that it names, and no others.
#pragma once

#include <cstddef>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/core/parallel.hpp>

namespace alignproof::inline certificates {

/// What one run gives, and whether more digits may give more.
struct Attempt {
  Proposal proposal;
  bool rounding = false;
};

/// Advances by most_steps(instance), however early the search ends.
Attempt attempt(const Instance& instance, const Search& search, KernelStep<double> advance,
                Progress& progress);

/// Units of progress of one attempt: steps of the run, and of that without the penalty.
std::size_t most_steps(const Instance& instance);

}  // namespace alignproof::inline certificates
