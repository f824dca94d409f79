// SPDX-License-Identifier: Apache-2.0
// Many reports along commits as one page of small multiples.
#pragma once

#include <string>
#include <vector>

#include <alignproof/report/comparison.hpp>

namespace alignproof::inline report {

struct HistoryEntry {
  std::string label;  ///< a commit, a date or a folder
  Findings findings;
};

/// One self-contained page: a strip of verdicts for each claim, and for each constant a curve with
/// its intervals, from the first report to the last. Curves show the reports of the profile and the
/// seed of the last one; what moved from one to the next by the rules of `compare` is marked.
/// At least one entry.
std::string history_to_html(const std::vector<HistoryEntry>& entries,
                            const Tolerance& tolerance = {});

}  // namespace alignproof::inline report
