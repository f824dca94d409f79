// SPDX-License-Identifier: Apache-2.0
// A violation of the decay that was seen in doubles is a candidate. It is looked at again at 50
// digits, without tolerance, before anybody relies on it.
#pragma once

#include <alignproof/claims/study.hpp>
#include <alignproof/dynamics/mpfr.hpp>
#include <alignproof/format/report.hpp>

namespace alignproof::inline claims {

/// Runs the instance again at the given digits up to time t: is
/// |e(t+1)| > (1 - eta gamma/4 - eta lambda(t)) |e(t)| + eta lambda(t) |y|?
bool violation_confirmed(const Instance& instance, LearningRule rule, double gamma, std::size_t t,
                         unsigned digits, KernelStep<Mpfr> advance);

/// Adds to the row what became of the violation at step t of this seed: a refuted row whose
/// violation is not confirmed is undecided.
void confirm_violation(const Settings& settings, const RunSet& runs, std::uint64_t seed,
                       std::size_t t, ClaimRow& row);

/// The first of a batch, if its probe saw one.
template <class Record>
void confirm_first_violation(const Settings& settings, const Runs<Record>& runs, ClaimRow& row) {
  for (const Record& record : runs.records)
    if (record.violation)
      return confirm_violation(settings, runs, record.seed, *record.violation, row);
}

}  // namespace alignproof::inline claims
