// SPDX-License-Identifier: Apache-2.0
// Random numbers of the kinds that certificates are made of.
#pragma once

#include <cstddef>
#include <vector>

#include <alignproof/format/array.hpp>

#include "tamper/orbit_cases.hpp"

namespace alignproof::tamper {

/// N(0, scale^2), each entry by itself.
Array gaussian(Random& random, std::vector<std::size_t> shape, double scale = 1);
/// 10^u, u uniform.
double decades(Random& random, double low, double high);
bool one_in(Random& random, std::size_t k);

}  // namespace alignproof::tamper
