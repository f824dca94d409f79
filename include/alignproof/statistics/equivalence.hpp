// SPDX-License-Identifier: Apache-2.0
// Do two samples have the same mean, up to a margin fixed beforehand? reports/docs/reproduce.md
#pragma once

#include <cstddef>
#include <vector>

namespace alignproof::inline statistics {

struct MeanInterval {
  double mean = 0;
  double lower = 0, upper = 0;  ///< confidence limits, together wrong with probability `level`
};

/// By Student's t: exact for normal samples. Throws InputError unless there are two values or more,
/// all finite, and 0 < level < 1.
MeanInterval mean_interval(const std::vector<double>& values, double level);

struct MeanComparison {
  double difference = 0;        ///< mean of ours minus mean of theirs
  double lower = 0, upper = 0;  ///< confidence limits, together wrong with probability `level`
  /// p-value of "|true difference| >= margin": small where the means are equivalent.
  double p_apart = 1;
  /// p-value of "|true difference| <= margin": small where they differ by more.
  double p_close = 1;
};

/// Places of two values that belong together: a prediction and a run on the same data.
struct Pair {
  std::size_t ours = 0, theirs = 0;
};

/// Without pairs by Welch's t: its level is approximate, for normal samples closely so. Pairs have
/// a covariance, which the squared error of the difference takes into account. If all values are
/// paired it is the t of their differences, exact for normal ones; if some are, the degrees of
/// freedom lie between (Derrick, Russ, Toher, White, J. Mod. Appl. Stat. Methods 16 (2017) 137).
/// Throws InputError unless both have two values or more, all finite, margin > 0 and 0 < level < 1.
/// A value is in one pair at most.
MeanComparison compare_means(const std::vector<double>& ours, const std::vector<double>& theirs,
                             double margin, double level, const std::vector<Pair>& pairs = {});

/// Holm's adjustment: rejecting where the adjusted value is at most `level` errs anywhere with
/// probability at most `level`, however the tests depend on one another.
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace alignproof::inline statistics
