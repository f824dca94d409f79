// SPDX-License-Identifier: Apache-2.0
// What the decay of one run says of "the error decays".
#pragma once

#include <alignproof/claims/probes/decay.hpp>
#include <alignproof/claims/shares.hpp>

namespace alignproof::inline claims {

/// Success: the decay failed at no step and was judged at half of the steps or more, among them, if
/// the penalty ends, a step with lambda = 0. A run without violation or divergence of which fewer
/// steps were judged is neither success nor failure.
SeedOutcome decay_outcome(const Run& run, const DecayProbe::Record& decay);

template <class Record>
SeedOutcome decay_outcome(const Record& record) {
  return decay_outcome(record, record);
}

/// The share of the measured rate 1 - sup that 1 - eta gamma/4 promises; infinite where an error
/// did not shrink.
double share_promised(double eta_gamma, double sup);

bool decayed(const Run& run, const DecayProbe::Record& decay);

template <class Record>
bool decayed(const Record& record) {
  return decayed(record, record);
}

}  // namespace alignproof::inline claims
