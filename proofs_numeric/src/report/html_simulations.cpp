// SPDX-License-Identifier: Apache-2.0
// The section of the HTML page about simulations.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/report/math.hpp>

#include "html_parts.hpp"
#include "svg.hpp"
#include "words.hpp"

namespace alignproof::inline report::detail {

std::string figure(const Figure& f) {
  return fmt::format(
      "<figure>\n<div class=\"plot-box\" tabindex=\"0\">{}</div>\n"
      "<figcaption><b>{}.</b> {}</figcaption>\n</figure>\n",
      to_svg(f), prose_to_html(f.title), prose_to_html(f.caption));
}

namespace {

constexpr std::size_t most_open = 12;  ///< cells of a table that needs no unfolding

std::string measured_cell(const Measurement& m) {
  if (std::isnan(m.value)) return "<td class=\"number\">–</td>";
  const std::string interval = m.interval ? fmt::format(R"(<span class="under">[{}, {}]</span>)",
                                                        typeset_number(m.interval->first),
                                                        typeset_number(m.interval->second))
                                          : "";
  return fmt::format(R"(<td class="number">{}{}</td>)", typeset_number(m.value), interval);
}

std::string cells_table(const Simulation& s) {
  std::string head, rows;
  for (const std::string& key : s.keys)
    head += fmt::format(R"(<th scope="col">{}</th>)", prose_to_html(key));
  head += R"(<th scope="col" class="number">runs</th>)";
  for (const std::string& quantity : s.quantities)
    head += fmt::format(R"(<th scope="col" class="number">{}</th>)", prose_to_html(quantity));
  for (const SimulationCell& cell : s.cells) {
    rows += "<tr>";
    for (const std::string& key : cell.keys) rows += fmt::format("<td>{}</td>", prose_to_html(key));
    rows += fmt::format(
        R"(<td class="number">{}{}</td>)", cell.runs,
        cell.diverged > 0 ? fmt::format(R"(<span class="under">{} diverged</span>)", cell.diverged)
                          : "");
    for (const Measurement& m : cell.values) rows += measured_cell(m);
    rows += "</tr>\n";
  }
  const std::string table = fmt::format(
      "<div class=\"wide\" tabindex=\"0\"><table class=\"detail\">\n<thead><tr>{}</tr></thead>\n"
      "<tbody>\n{}</tbody></table></div>\n",
      head, rows);
  if (s.cells.size() <= most_open) return table;
  return fmt::format("<details><summary>All {} cells</summary>\n{}</details>\n", s.cells.size(),
                     table);
}

std::string section(const Simulation& s) {
  std::size_t runs = 0, diverged = 0;
  for (const SimulationCell& cell : s.cells) runs += cell.runs, diverged += cell.diverged;
  std::string out = fmt::format(
      "<section class=\"simulation\">\n<h3>{}</h3>\n<p class=\"note\">Scale {}, {} runs{}. {}</p>\n"
      "<p class=\"command\">{}</p>\n",
      prose_to_html(s.title), escape_html(s.scale), runs,
      diverged > 0 ? fmt::format(", {} of them diverged", diverged) : "", prose_to_html(s.note),
      command_code(s.command));
  if (!s.figures.empty()) {
    out += "<div class=\"figures\">\n";
    for (const Figure& f : s.figures) out += figure(f);
    out += "</div>\n";
  }
  return out + cells_table(s) + "</section>\n";
}

}  // namespace

std::string simulations_section(const std::vector<Simulation>& simulations,
                                const std::string& behind) {
  if (simulations.empty()) return "";
  std::string out =
      "<section id=\"simulations\">\n<h2>Simulations</h2>\n"
      "<p class=\"note\">Plain runs, which prove nothing: means at the end with intervals in "
      "brackets. They show what the claims are about.</p>\n";
  for (const Simulation& s : simulations) out += section(s);
  return out + behind + "</section>\n";
}

}  // namespace alignproof::inline report::detail
