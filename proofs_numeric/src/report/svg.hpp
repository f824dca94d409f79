// SPDX-License-Identifier: Apache-2.0
// A small plotter: one figure as inline SVG. Colours come from the style sheet of the page, and
// dashes and markers tell the series apart without colour. Series of one name share all of these,
// and their entry in the legend. Over each point that is drawn lies a disk whose title says its
// values.
#pragma once

#include <string>

#include <alignproof/format/report.hpp>

namespace alignproof::inline report::detail {

/// "figure-NAME", letters, digits and hyphens only: its elements have ids that begin so.
std::string figure_id(const Figure& figure);

/// `<svg>...</svg>` with a title and a description. Points that an axis cannot show are left out
/// and interrupt their line; a figure without any says "no data". Throws InputError when a series
/// has not as many x as y.
std::string to_svg(const Figure& figure);

/// The same of several figures, two in a row, each under its title.
std::string to_svg(const std::vector<Figure>& figures);

}  // namespace alignproof::inline report::detail
