// SPDX-License-Identifier: Apache-2.0
// False laws, refused by the share of networks that lie nearer to them than to the law.
#pragma once

#include <string>
#include <vector>

#include <alignproof/claims/refused.hpp>

#include "claims/mean_field/field_runs.hpp"

namespace alignproof::inline claims {

/// "A network is nearer to this than to the law with probability 1/2 or more", which is false.
struct NearerTo {
  std::string id;    ///< of the row that refuses it
  std::string name;  ///< of the false claim
  std::size_t nearer = 0, runs = 0;
};

/// How many of the widest networks are as near to `wrong` as to the law of the record, or nearer.
/// One that diverged counts.
std::size_t nearer_to(const FieldRecord& record, const std::vector<FieldPoint>& wrong);

/// The same of where a cut leaves the cosine.
std::size_t nearer_to_cosine_after_cut(const FieldRecord& record, double wrong);

/// Refused if the upper limit of the share is below 1/2.
Refused refuse_nearer(const NearerTo& claim, double level);

}  // namespace alignproof::inline claims
