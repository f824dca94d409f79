// SPDX-License-Identifier: Apache-2.0
// Claims as objects: their words, the runs they need, and how a row follows from these.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include <alignproof/claims/planted_errors.hpp>
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

/// Plans, runs and concludes the claims with these ids; all of them if empty, and then also what
/// the suite must refuse.
Report verify(const Settings& settings, const std::vector<std::string>& ids, Progress& progress);

/// What decides the exit code: the verdicts of the rows, and `undecided` for whatever false claim
/// or planted error was not refused.
std::vector<Verdict> verdicts_of(const Report& report);

/// What the suite must refuse. False claims are tested on the runs of the study; a planted error is
/// put into the dynamics of a small study of its own.
void plan_false_claims(Study& study);
std::vector<Rejection> false_claims(const Study& study, std::vector<StatisticalTest>& tests);
Rejection planted_error(const Settings& settings, PlantedError error);

/// The rows through which planted errors are sent, and those of them that refute the true dynamics
/// in the same small study: none.
const std::vector<std::string>& self_test_claims();
std::vector<std::string> true_dynamics_refuted_by(const Settings& settings);

}  // namespace alignproof
