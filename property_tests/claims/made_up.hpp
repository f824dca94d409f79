// SPDX-License-Identifier: Apache-2.0
// A study of which no run was done: its records are made up, of runs that satisfy every claim. A
// test spoils one number and sees what is concluded.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/probes/alignment.hpp>
#include <alignproof/claims/probes/course.hpp>
#include <alignproof/claims/probes/decay.hpp>
#include <alignproof/claims/probes/displacement.hpp>
#include <alignproof/claims/probes/start.hpp>

#include "claims/t1_penalty/budget.hpp"
#include "claims/t1d/drift.hpp"
#include "claims/t1e/remainder.hpp"

namespace alignproof::test {

/// A run as every probe of the suite may have seen it.
using MadeUp = Seen<StartProbe, DecayProbe, DisplacementProbe, AlignmentProbe, CourseProbe,
                    DriftProbe, RemainderProbe, BudgetProbe>;
using MadeUpRuns = Runs<MadeUp>;

/// The quick profile without certificates.
Settings made_up_settings();

/// A batch's name tells what it is for: "overparameterised: ...", "start of ...", "width 512",
/// "width 512, penalty kept", "samples 4", "step size 0.04", "alignment", "... twin", ...
using Spoil = std::function<void(MadeUpRuns&)>;

ClaimRow concluded(const std::string& id, const Spoil& spoil = {},
                   const Settings& settings = made_up_settings());
/// The verdict alone; it must have words.
VerdictKind kind(const std::string& id, const Spoil& spoil = {});

/// The false claims about T1, its lemmas, T2 and T3.
std::vector<Rejection> refused(const Spoil& spoil = {});
/// The names of those that were not refused, a semicolon after each.
std::string survivors(const Spoil& spoil = {});
/// Of which this one, and no other, survives.
void check_survives(const std::string& part, const Spoil& spoil);

/// Applies a change to every record of a batch whose name contains `part`.
Spoil in_records(const std::string& part, std::function<void(MadeUp&, const MadeUpRuns&)> change);
/// To the first record alone.
Spoil in_first(const std::string& part, std::function<void(MadeUp&, const MadeUpRuns&)> change);

/// Of a power law of the width: tuple s has this exponent, spread evenly by `spread`.
Spoil power_of_width(const std::string& part, double MadeUp::*quantity, double exponent,
                     double spread = 0);

}  // namespace alignproof::test
