// SPDX-License-Identifier: Apache-2.0
#include <alignproof/claims/probes/alignment.hpp>

#include <cmath>

#include <alignproof/claims/summary.hpp>

namespace alignproof::inline claims {

void AlignmentProbe::observe(const Moment& now) {
  const double cos = cosine(now.state.b, now.state.beta);
  record_.cos_end = cos;
  record_.sup_cos = largest_so_far(record_.sup_cos, std::abs(cos));
  if (run_.problem.penalty(now.t) != 0) return;
  if (!cut_seen_) record_.cos_at_cut = cos;
  cut_seen_ = true;
  record_.min_cos_after = smallest_so_far(record_.min_cos_after, cos);
}

}  // namespace alignproof::inline claims
