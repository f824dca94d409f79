// SPDX-License-Identifier: Apache-2.0
// Rows concluded from work that nobody did: a test fills in what it would have found.
#pragma once

#include <functional>
#include <string>

#include <alignproof/claims/claim.hpp>

namespace alignproof::test {

using FillWork = std::function<void(AskedWork&)>;
using FillBatch = std::function<void(AskedBatch&)>;

/// What is filled in sees all that the claim asks for, one by one.
inline ClaimRow filled_row(const Claim& claim, const FillWork& work, const FillBatch& batch,
                           const Settings& settings) {
  Progress silent;
  Study study(settings, silent);
  const Conclusion conclude = claim.plan(study);
  study.fill(batch, work);
  ClaimRow row;
  row.text = claim.text;
  conclude(row);
  return row;
}

/// Of a claim that asks for no batches.
inline ClaimRow filled_row(const std::string& id, const FillWork& work,
                           const Settings& settings = {}) {
  return filled_row(
      claim_named(id), work, [](AskedBatch&) {}, settings);
}

/// The first false claim of this claim.
inline Refused refused_by(const std::string& id, const FillWork& fill) {
  Progress silent;
  Study study(Settings{}, silent);
  const auto conclude = claim_named(id).false_claims.front().plan(study);
  study.fill([](AskedBatch&) {}, fill);
  return conclude();
}

}  // namespace alignproof::test
