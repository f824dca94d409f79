// SPDX-License-Identifier: Apache-2.0
// Do two samples have the same mean, up to a margin fixed beforehand? reports/docs/reproduce.md
#pragma once

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

/// By Welch's t: its level is approximate, for normal samples closely so. Throws InputError unless
/// both have two values or more, all finite, margin > 0 and 0 < level < 1.
MeanComparison compare_means(const std::vector<double>& ours, const std::vector<double>& theirs,
                             double margin, double level);

/// Holm's adjustment: rejecting where the adjusted value is at most `level` errs anywhere with
/// probability at most `level`, however the tests depend on one another.
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace alignproof::inline statistics
