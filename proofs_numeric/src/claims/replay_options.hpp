// SPDX-License-Identifier: Apache-2.0
// What a line of certify says of the angles it looks for.
#pragma once

#include <string>

#include <fmt/format.h>

#include <alignproof/certificates/producer.hpp>
#include <alignproof/network/data.hpp>

namespace alignproof::inline claims {

/// --kappa where T2 can be claimed, --margin where T3 can; certify refuses the one that it would
/// ignore.
inline std::string options_of_angles(const Search& search, const NetworkSpec& network) {
  if (!is_initial(search.kind) || !is_feedback_alignment(search.rule)) return "";
  return network.penalty.lambda > 0 ? fmt::format(" --margin {}", search.margin)
                                    : fmt::format(" --kappa {}", search.kappa);
}

}  // namespace alignproof::inline claims
