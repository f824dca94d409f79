// SPDX-License-Identifier: Apache-2.0
// The largest neighbourhood for which the same theorems are claimed.
#pragma once

#include <alignproof/certificates/producer.hpp>

namespace alignproof::inline certificates {

/// The largest radius, to within `ratio`, at which a proposal claims what one of radius 0 does:
/// T1, T2, T3 from the initialisation. By bisection of its logarithm between 1e-12 and 1e3; what
/// there is at radius 0 where nothing is found at 1e-12, and then it says so. Every radius is tried
/// with the digits that serve at radius 0. search.radius is not looked at.
Proposal propose_largest_radius(const Instance& instance, Search search, KernelStep<double> advance,
                                Progress& progress, double ratio = 1.02);

}  // namespace alignproof::inline certificates
