// SPDX-License-Identifier: Apache-2.0
#include "common.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

namespace alignproof {

Seeds count_seeds(const BatchResult& result, const Judge& judge) {
  return count_seeds(
      judged(result, [&](const RunRecord& r) { return judge(result, r); }).outcomes);
}

void conclude_probability(const Study& study, const std::vector<Batch>& batches,
                          const PremisesOf& premises, const Judge& judge, ClaimRow& row) {
  std::vector<JudgedRuns> all;
  for (const Batch& batch : batches) {
    const BatchResult& runs = study.result(batch.name);
    all.push_back(judged(runs, [&](const RunRecord& r) { return judge(runs, r); }));
  }
  conclude_shares(share_wanted(study.profile()), all, premises, row);
}

void plan_batches(Study& study, const std::vector<Batch>& batches) {
  for (const Batch& batch : batches) study.want(batch);
}

}  // namespace alignproof
