// SPDX-License-Identifier: Apache-2.0
// Claims as objects: their words, the runs they need, and how a row follows from these.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include <alignproof/claims/study.hpp>
#include <alignproof/format/report.hpp>

namespace alignproof {

struct Claim {
  ClaimText text;
  std::function<void(Study&)> plan;                       ///< asks the study for what it needs
  std::function<void(const Study&, ClaimRow&)> conclude;  ///< fills everything but the text
};

/// All claims in the order of the table.
const std::vector<Claim>& all_claims();

/// Throws InputError, listing the ids, on an unknown one.
const Claim& claim_named(std::string_view id);

/// Plans, runs and concludes the claims with these ids (all of them if empty).
Report verify(const Settings& settings, const std::vector<std::string>& ids, Progress& progress);

}  // namespace alignproof
