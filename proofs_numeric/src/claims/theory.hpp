// SPDX-License-Identifier: Apache-2.0
// The runs that T1, its lemmas and T2 look at.
#pragma once

#include <string>
#include <vector>

#include <alignproof/claims/claim.hpp>
#include <alignproof/claims/premises.hpp>

namespace alignproof::inline claims {

struct TheorySizes {
  std::size_t p = 2048;        ///< width of the overparameterised runs
  std::size_t p_start = 8192;  ///< width at which the lemmas about t = 0 are tested
  std::size_t steps = 100;

  std::vector<std::size_t> widths = {128, 256, 512, 1024, 2048, 4096};
  std::size_t width_seeds = 200, width_steps = 60;

  /// Exponents in n, at one width.
  std::vector<std::size_t> samples = {2, 4, 8, 16};
  std::size_t p_samples = 512, sample_seeds = 200, sample_steps = 60;
};
TheorySizes theory_sizes(const Profile& profile);

/// The two data sets of the overparameterised runs: unit sphere with a linear teacher, Gaussian
/// with a network teacher.
std::vector<Data> theory_data(Study& study);

/// The runs behind T1 and its lemmas, one batch a data set.
std::vector<Batch> overparameterised(Study& study);
/// The same at a width at which the lemmas about t = 0 hold.
std::vector<Batch> wide_starts(Study& study);
/// T1c, T2, GK: one batch a width, lambda = 0.
std::vector<Batch> across_widths(Study& study);
/// One batch a number of samples, lambda = 0.
std::vector<Batch> across_samples(Study& study);

/// Lines of the report's settings.
SettingLine line_of_starts(const Profile& profile);
SettingLine line_of_widths(const Profile& profile);
SettingLine line_of_samples(const Profile& profile);

/// Counts T1's premises of several batches. Returns what was found where one fails, "" if all are
/// inside.
template <class Record>
std::string outside_premises(const std::vector<Handle<Runs<Record>>>& batches, ClaimRow& row) {
  std::string outside;
  for (const Handle<Runs<Record>>& runs : batches) {
    const Premises found = t1_premises(*runs);
    count_premises(found, row);
    if (!inside(found)) outside = name_of(runs->batch) + ": " + failing(found);
  }
  return outside;
}

/// The command line of the first run of the last batch, the widest.
template <class Record>
std::string replay_of_last(const std::vector<Handle<Runs<Record>>>& batches) {
  const Runs<Record>& last = *batches.back();
  return replay_line(last.batch, last.records.front().seed);
}

/// Source of a step in the proof of T1. T1 itself is published; how gamma is shared out among the
/// steps of its proof is not.
std::string step_of_proof();

}  // namespace alignproof::inline claims
