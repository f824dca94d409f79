// SPDX-License-Identifier: Apache-2.0
// The small figures of the page of many reports, as inline SVG. Colours come from the style sheet.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <alignproof/report/comparison.hpp>

namespace alignproof::inline report::detail {

/// One cell of a strip: the verdict of a claim in a report, nothing where it had no such claim.
struct StripCell {
  std::string label;  ///< of the report
  std::optional<VerdictKind> kind;
};

/// Cells side by side, each with its colour, its sign where there is room, and its words.
std::string strip_svg(const std::vector<StripCell>& cells);

/// A point of a curve: the constant in a report, nothing where it was not measured or is not
/// comparable, and what became of it since the point before.
struct SparkPoint {
  std::string label;
  std::optional<Constant> constant;
  Movement since;
};

/// A curve with the band of its intervals, in its own scale; a break where a point is missing;
/// rings where it moved. `name` is plain text, read aloud with the first and the last value. A line
/// marks 1 where `with_one` and 1 is in the scale.
std::string spark_svg(const std::string& name, const std::vector<SparkPoint>& points,
                      bool with_one);

/// The ring of a spark by itself, for the words that explain it.
std::string ring_svg(Change change);

}  // namespace alignproof::inline report::detail
