// SPDX-License-Identifier: Apache-2.0
// What runs of finite width amount to beside the alignment law: the order of their distance, tables
// and figures. reports/docs/alignment_law.md
#pragma once

#include <string>
#include <vector>

#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/dynamics/law_widths.hpp>
#include <alignproof/format/report.hpp>
#include <alignproof/statistics/tests.hpp>

namespace alignproof::inline sweeps {

/// |cosine - law| against the width.
struct LawOrder {
  double law = 0;                   ///< the law's cosine
  std::vector<double> cosine, gap;  ///< medians over the runs, by width
  MedianSlope order;                ///< the exponent in p
};

/// `law` is the law at the last of the times. No run may have diverged; each limit of the exponent
/// errs with probability at most `level`.
LawOrder law_order(const WidthRuns& runs, const LawPoint& law, LawCosine which, double level);

/// The law and, as points, the first run of each width, against the slow time; `caption` says of
/// which data.
Figure law_course(const std::string& caption, const std::vector<LawPoint>& law,
                  const WidthRuns& runs);

/// Medians of |cosine - law| against the width, before and after the cut.
Figure law_distance(const std::string& caption, const std::vector<double>& widths,
                    const LawOrder& with_penalty, const LawOrder& after_cut);

/// A line a slow time; a line a run. With a heading.
std::string table(const std::vector<LawPoint>& law);
std::string table(const WidthRuns& runs);

}  // namespace alignproof::inline sweeps
