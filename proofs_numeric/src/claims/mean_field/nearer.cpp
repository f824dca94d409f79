// SPDX-License-Identifier: Apache-2.0
#include "claims/mean_field/nearer.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/statistics/fit.hpp>
#include <alignproof/statistics/tests.hpp>

namespace alignproof::inline claims {

namespace {

template <class Nearer>
std::size_t count_widest(const FieldRecord& record, const Nearer& nearer) {
  const auto& runs = record.runs.back();
  return static_cast<std::size_t>(std::count_if(runs.begin(), runs.end(), nearer));
}

}  // namespace

std::size_t nearer_to(const FieldRecord& record, const std::vector<FieldPoint>& wrong) {
  return count_widest(record, [&](const NetworkSlowRun& run) {
    const double to_law = distance(run, record.course, record.y_norm());
    return !(distance(run, wrong, record.y_norm()) > to_law);
  });
}

std::size_t nearer_to_cosine_after_cut(const FieldRecord& record, double wrong) {
  return count_widest(record, [&](const NetworkSlowRun& run) {
    const double to_law = std::abs(run.after_cut - record.end().cosine_after_cut);
    return !(std::abs(run.after_cut - wrong) > to_law);
  });
}

Refused refuse_nearer(const NearerTo& claim, double level) {
  constexpr double claimed = 0.5, alternative = 0.25;
  const Interval share = clopper_pearson(claim.nearer, claim.runs, level);
  const SharePower seen = share_power(claim.runs, claimed, level);
  Refused refused{{Rejection::Kind::false_claim, claim.name, {}, ""}, {}};
  if (share.upper < claimed) refused.rejection.caught_by = {claim.id};
  refused.rejection.detail =
      fmt::format("{} of {} networks are as near to it as to the law, a share of at most {:.2f}",
                  claim.nearer, claim.runs, share.upper);
  refused.tests = {{claim.id, "false claim: " + claim.name, claim.runs, 2 * level,
                    fmt::format("a share of {} refutes it", alternative),
                    1 - binomial_at_least(seen.most_successes + 1, claim.runs, alternative)}};
  return refused;
}

}  // namespace alignproof::inline claims
