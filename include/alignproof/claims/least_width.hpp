// SPDX-License-Identifier: Apache-2.0
// The least width at which T1 is seen to hold, from a grid of widths with fresh seeds at each.
#pragma once

#include <cmath>
#include <vector>

#include <alignproof/claims/decay_outcome.hpp>
#include <alignproof/claims/shares.hpp>
#include <alignproof/statistics/fit.hpp>

namespace alignproof::inline claims {

/// What a grid says about the least width p*: it lies above `refuted` (0: nothing refuted) and at
/// or below `holds` (infinity: nothing shown), if T1 does not fail again at larger widths.
struct WidthBracket {
  double refuted = 0, holds = INFINITY;

  /// The next width of the grid, in rising order, and what its seeds say.
  void widen(double p, VerdictKind kind);
};

struct MeasuredWidth {
  struct AtWidth {
    std::size_t p;
    Seeds seeds;
    Interval limits;  ///< of the share of seeds that decay
    VerdictKind kind;
  };
  std::vector<AtWidth> grid;
  WidthBracket bracket;
};

/// The decay of T1 in runs of `network` (its width is that of the grid, its seed the first one) for
/// its steps: a share of at least `share.wanted` of the seeds at each width, Clopper-Pearson limits
/// at `share.level`. Widths rise. The result does not depend on `jobs`.
MeasuredWidth measure_width(const Data& data, const NetworkSpec& network, Rule rule,
                            const ShareClaim& share, const std::vector<std::size_t>& widths,
                            std::size_t seeds, std::size_t jobs, Progress& progress);

/// The least number of seeds that show such a share if all of them succeed.
std::size_t least_seeds(const ShareClaim& share);

}  // namespace alignproof::inline claims
