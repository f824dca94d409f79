// SPDX-License-Identifier: Apache-2.0
// Simulations as a page of their own, in the style of the report.
#include <fmt/format.h>

#include <alignproof/report/math.hpp>
#include <alignproof/report/writers.hpp>

#include "html_parts.hpp"
#include "words.hpp"

namespace alignproof::embedded {

// Made from reports/templates by cmake/embed.cmake.
extern const std::string_view simulations_html;
extern const std::string_view report_css;

}  // namespace alignproof::embedded

namespace alignproof::inline report {

std::string simulations_to_html(const Report& report) {
  std::string names, settings;
  for (const Simulation& s : report.simulations)
    names += (names.empty() ? "" : ", ") + detail::escape_html(s.id);
  for (const auto& [name, value] : report.settings)
    settings += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", detail::escape_html(name),
                            detail::escape_html(value));
  return detail::fill(embedded::simulations_html,
                      {{"names", names},
                       {"style", std::string(embedded::report_css)},
                       {"command", detail::command_code(report.command)},
                       {"simulations", detail::simulations_section(report.simulations)},
                       {"settings", settings},
                       {"scripts", detail::scripts()}});
}

}  // namespace alignproof::inline report
