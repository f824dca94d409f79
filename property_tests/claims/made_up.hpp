// SPDX-License-Identifier: Apache-2.0
// A study of which no run was done: its records are made up, of runs that satisfy every claim. A
// test spoils one number and sees what is concluded.
#pragma once

#include <functional>
#include <string>

#include <alignproof/claims/claim.hpp>

namespace alignproof::test {

/// The quick profile without certificates.
Settings made_up_settings();

/// A batch's name tells what it is for: "overparameterised: ...", "start of ...", "width 512",
/// "width 512, penalty kept", "samples 4", "step size 0.04", "alignment", "... twin", ...
using Spoil = std::function<void(BatchResult&)>;
/// The study's other records: identities, laws, certificates.
using SpoilStudy = std::function<void(Study&)>;

ClaimRow concluded(const std::string& id, const Spoil& spoil = {}, const SpoilStudy& others = {},
                   const Settings& settings = made_up_settings());

/// The false claims, after the plans of `plan_false_claims`.
std::vector<Rejection> refused(const Spoil& spoil = {}, const SpoilStudy& others = {});

/// Applies a change to every record of a batch whose name contains `part`.
Spoil in_records(const std::string& part,
                 std::function<void(RunRecord&, const BatchResult&)> change);
/// To the first record alone.
Spoil in_first(const std::string& part, std::function<void(RunRecord&, const BatchResult&)> change);

}  // namespace alignproof::test
