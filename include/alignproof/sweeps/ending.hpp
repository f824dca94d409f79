// SPDX-License-Identifier: Apache-2.0
// When a run ends: after so many steps, or by the published rule, once its loss has settled.
#pragma once

#include <cstddef>

#include <alignproof/sweeps/sweep.hpp>

namespace alignproof::inline sweeps {

/// The rule by which one run ends, asked from time to time as the run goes on: at t = 0, and then
/// at each next(t). As published, a run looks at its loss after 999, 1999, 2999, ... steps. The
/// first look compares with 0. Once two looks differ by less than 1e-3 the loss has settled for
/// good, and the run ends after N(p) = settled_steps steps, or at once if these are done.
class Ending {
 public:
  explicit Ending(const RegressionSpec& spec);

  bool reached(std::size_t t) const { return (settled_ && t >= least_) || t >= most_; }
  /// The next time to stop at.
  std::size_t next(std::size_t t) const;
  /// Whether the loss is looked at then.
  bool looks(std::size_t t) const;
  void look(double loss);
  /// Whether the run may end at all: its steps were given, or its loss has settled.
  bool settled() const { return settled_; }
  std::size_t least() const { return least_; }  ///< no run ends earlier

 private:
  std::size_t least_, most_;
  bool settled_;
  double seen_ = 0;
};

}  // namespace alignproof::inline sweeps
