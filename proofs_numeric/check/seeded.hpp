// SPDX-License-Identifier: Apache-2.0
// Whether initial data are those of a seed, as reports/docs/random.md defines them: written here
// anew, so that nobody's choice of data is trusted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <alignproof/format/certificate.hpp>

#include "budget.hpp"
#include "conditions.hpp"

namespace alignproof::check {

/// The words 0 and 1 of Philox4x32-10 with key `seed` at the counter (stream, row, column, 0), the
/// second in the upper half.
std::uint64_t philox_bits(std::uint64_t seed, std::uint32_t stream, std::uint32_t row,
                          std::uint32_t column);

/// That each entry of the array, which has this name, is the standard normal quantile of the
/// uniform number of its place to within 41 roundoffs, relative. Of a place of which that is not
/// so, the detail says which it is.
Condition require_seeded(const std::string& name, const Array& array, std::uint64_t seed,
                         std::uint32_t stream);

/// The same of all that a seed settles: W(0), beta(0) and b; from a checkpoint b alone.
void check_seeded(std::vector<Condition>& conditions, const Start& start, std::uint64_t seed,
                  Budget& budget);

}  // namespace alignproof::check
