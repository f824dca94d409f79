// SPDX-License-Identifier: Apache-2.0
// One axis of a figure: which values it spans, where they stand, and its tick marks.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace alignproof::inline report::detail {

struct Tick {
  double value = 0;
  std::string label;       ///< SVG markup; empty for a minor tick
  double label_width = 0;  ///< in characters
};

class Axis {
 public:
  /// Spans the values that can be shown; nothing when there are none.
  static std::optional<Axis> spanning(const std::vector<double>& values, bool logarithmic);

  /// Finite, and positive where the axis is logarithmic.
  static bool can_show(double value, bool logarithmic);

  /// 0 at the lower end, 1 at the upper end.
  double place(double value) const;

  std::vector<Tick> ticks() const;

  double low() const { return low_; }
  double high() const { return high_; }

 private:
  Axis(double low, double high, bool logarithmic)
      : low_(low), high_(high), logarithmic_(logarithmic) {}

  std::vector<Tick> linear_ticks() const;
  std::vector<Tick> decade_ticks() const;

  double low_, high_;
  bool logarithmic_;
};

}  // namespace alignproof::inline report::detail
