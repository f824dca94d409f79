// SPDX-License-Identifier: Apache-2.0
// The figure of the predicted tables, as it is kept in reports/published.
#include <stdexcept>
#include <string_view>

#include <fmt/format.h>

#include "html_parts.hpp"

namespace alignproof::embedded {

// Made from reports/published by cmake/embed.cmake.
extern const std::string_view predicted_svg;

}  // namespace alignproof::embedded

namespace alignproof::inline report::detail {

namespace {

/// Takes out of `text` what stands from `begin` to `end`, these included.
void cut(std::string& text, std::string_view begin, std::string_view end) {
  const std::size_t from = text.find(begin), to = text.find(end, from + begin.size());
  if (from == std::string::npos || to == std::string::npos)
    throw std::logic_error("predicted.svg is not as a figure is written to a file");
  text.erase(from, to + end.size() - from);
}

/// As a part of the page, which has the style sheet and needs no name space.
std::string shipped_svg() {
  std::string svg(embedded::predicted_svg);
  cut(svg, "<style>", "</style>\n");
  cut(svg, " xmlns=\"", "\"");
  return svg;
}

constexpr std::string_view shipped_command =
    "alignproof reproduce --predicted "
    "predicted-linear.csv,predicted-relu.csv,predicted-sigmoid.csv,predicted-tanh.csv --runs "
    "alignment-linear.csv,alignment-relu.csv,alignment-sigmoid.csv,alignment-sigmoid-50.csv,"
    "alignment-tanh.csv";

}  // namespace

std::string shipped_predictions() {
  return fmt::format(
      "<section class=\"simulation\" id=\"shipped-predictions\">\n"
      "<h3>The published tables, predicted</h3>\n"
      "<p class=\"note\">Shipped with this program and not computed for this report: the cosine at "
      "the end of training, predicted by the law at width p, beside the runs of the tables in "
      "reports/published. The command makes the figure from them.</p>\n"
      "<p class=\"command\">{}</p>\n"
      "<figure>\n<div class=\"plot-box\" tabindex=\"0\">{}</div>\n"
      "<figcaption><b>Predicted tables, shipped.</b> Lines: predicted, no network was run. Points: "
      "means of runs with 95\u00a0% intervals. Dashes at the right end: the law for infinite width."
      "</figcaption>\n</figure>\n</section>\n",
      command_code(shipped_command), shipped_svg());
}

}  // namespace alignproof::inline report::detail
