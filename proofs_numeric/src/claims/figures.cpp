// SPDX-License-Identifier: Apache-2.0
// The figures of a verification report.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "claims/series.hpp"
#include "common.hpp"

namespace alignproof {

namespace {

using Style = Series::Style;

Figure floor_figure(const Study& study) {
  Figure figure{
      "rounding-floor",
      "Every precision has its floor",
      "One linear network at several precisions. The dashed line is the floor derived for "
      "doubles; the others lie as many decades lower as there are more digits.",
      "step $t$",
      "$\\log_{10} |e(t)|$",
      false,
      false,
      {}};
  for (const auto& [digits, record] : study.floors) {
    // Beyond the floor nothing moves: a tenth of the run more shows it.
    const auto shown =
        static_cast<std::size_t>(std::find_if(record.log_error.begin(), record.log_error.end(),
                                              [&](double e) { return e <= record.floor; }) -
                                 record.log_error.begin());
    const std::size_t last =
        std::min(record.log_error.size(), shown + record.log_error.size() / 10);
    Series s{
        fmt::format("{} digits", digits),
        Style::line,
        counting(last),
        {record.log_error.begin(), record.log_error.begin() + static_cast<std::ptrdiff_t>(last)}};
    for (double& e : s.y)  // an error that is 0 has no place on this axis
      if (e <= -2.0 * digits) e = std::nan("");
    figure.series.push_back(s);
  }
  const FloorRecord& in_double = study.floors.begin()->second;
  figure.series.push_back({"derived floor, double",
                           Style::dashed,
                           {0, static_cast<double>(figure.series.back().x.size())},
                           {in_double.floor, in_double.floor}});
  return figure;
}

}  // namespace

std::vector<Figure> floor_figures(const Study& study) {
  if (study.floors.empty()) return {};
  return {floor_figure(study)};
}

}  // namespace alignproof
