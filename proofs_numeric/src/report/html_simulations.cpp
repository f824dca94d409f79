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
  const std::string id = figure_id(f);
  // Without scripts the links do it: the figure that is their target covers the page.
  return fmt::format(
      "<div class=\"place\" id=\"at-{0}\">\n<figure id=\"large-{0}\">\n"
      "<p class=\"view\"><a class=\"enlarge\" href=\"#large-{0}\" aria-label=\"enlarge: {1}\">"
      "enlarge</a><a class=\"shrink\" href=\"#at-{0}\">close</a></p>\n"
      "<div class=\"plot-box\" tabindex=\"0\">{2}</div>\n"
      "<figcaption><b>{3}.</b> {4}</figcaption>\n</figure>\n</div>\n",
      id, escape_html(prose_to_text(f.title)), to_svg(f), prose_to_html(f.title),
      prose_to_html(f.caption));
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

/// "1400 runs, 3 of them diverged".
std::string runs_in_words(const Simulation& s) {
  std::size_t runs = 0, diverged = 0;
  for (const SimulationCell& cell : s.cells) runs += cell.runs, diverged += cell.diverged;
  return fmt::format("{} runs{}", runs,
                     diverged > 0 ? fmt::format(", {} of them diverged", diverged) : "");
}

/// A paragraph for each line.
std::string commands(const Simulation& s) {
  std::string out;
  for (std::string_view rest = s.command; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    out += fmt::format("<p class=\"command\">{}</p>\n", command_code(rest.substr(0, end)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

std::string figures_of(const Simulation& s) {
  if (s.figures.empty()) return "";
  std::string out = "<div class=\"figures\">\n";
  for (const Figure& f : s.figures) out += figure(f);
  return out + "</div>\n";
}

std::string section(const Simulation& s) {
  return fmt::format(
             "<section class=\"simulation\">\n<h3>{}</h3>\n<p class=\"note\">Scale {}, {}. "
             "{}</p>\n",
             prose_to_html(s.title), escape_html(s.scale), runs_in_words(s),
             prose_to_html(s.note)) +
         commands(s) + figures_of(s) + cells_table(s) + "</section>\n";
}

/// Several stand side by side: what is long is folded away.
std::string shipped_section(const Simulation& s) {
  return fmt::format("<section class=\"simulation\">\n<h4>{}</h4>\n<p class=\"note\">{}.</p>\n",
                     prose_to_html(s.title), runs_in_words(s)) +
         figures_of(s) + cells_table(s) +
         fmt::format(
             "<details><summary>Commands that make it again</summary>\n"
             "<p class=\"note\">{}</p>\n{}</details>\n</section>\n",
             prose_to_html(s.note), commands(s));
}

std::string sections(const std::vector<Simulation>& simulations) {
  std::string out;
  for (const Simulation& s : simulations) out += section(s);
  return out;
}

bool all_smoke(const std::vector<Simulation>& simulations) {
  return std::all_of(simulations.begin(), simulations.end(),
                     [](const Simulation& s) { return s.scale == "smoke"; });
}

std::string shipped_sections(const std::vector<Simulation>& shipped) {
  if (shipped.empty()) return "";
  std::string out =
      "<section class=\"shipped\" id=\"shipped\">\n<h3>The published tables at full scale</h3>\n"
      "<p class=\"note\">Shipped with this program (reports/published) and not computed for this "
      "report: runs of the published simulation, and what the law at width p predicts for each "
      "cell without a run.</p>\n<div class=\"beside\">\n";
  for (const Simulation& s : shipped) out += shipped_section(s);
  return out + "</div>\n</section>\n";
}

std::string own_sections(const std::vector<Simulation>& simulations, bool folded) {
  if (simulations.empty() || !folded) return sections(simulations);
  return "<details class=\"smoke\"><summary>Runs of this report, at scale smoke</summary>\n"
         "<p class=\"note\">Few seeds at small sizes: they show that the simulations run, not what "
         "comes out at full scale.</p>\n" +
         sections(simulations) + "</details>\n";
}

}  // namespace

std::string simulations_section(const std::vector<Simulation>& simulations,
                                const std::vector<Simulation>& shipped) {
  if (simulations.empty() && shipped.empty()) return "";
  return "<section id=\"simulations\">\n<h2>Simulations</h2>\n"
         "<p class=\"note\">Plain runs, which prove nothing: means at the end with intervals in "
         "brackets. They show what the claims are about.</p>\n" +
         shipped_sections(shipped) +
         own_sections(simulations, !shipped.empty() && all_smoke(simulations)) + "</section>\n";
}

}  // namespace alignproof::inline report::detail
