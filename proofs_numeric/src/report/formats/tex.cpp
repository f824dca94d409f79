// SPDX-License-Identifier: Apache-2.0
// The report as a LaTeX article for pdflatex.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <alignproof/report/formats.hpp>
#include <alignproof/report/math.hpp>
#include <alignproof/report/writers.hpp>

#include "report/evidence.hpp"
#include "report/read_prose.hpp"
#include "report/tex_escape.hpp"
#include "report/words.hpp"

namespace alignproof::inline report {
namespace {

using detail::escape_tex;

constexpr const char* preamble = R"(\documentclass[a4paper,10pt]{article}
\usepackage[utf8]{inputenc}
\usepackage[T1]{fontenc}
\usepackage{textcomp}
\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}
\usepackage{amsmath,amssymb}
\usepackage{booktabs,longtable,array}
\usepackage[margin=22mm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{4pt plus 1pt}
\setlength{\emergencystretch}{3em}
\newcolumntype{L}[1]{>{\raggedright\arraybackslash}p{#1}}
\newcommand{\term}[1]{\textbf{#1}\quad}
\newcommand{\commandline}[1]{{\small\ttfamily\raggedright #1\par}}
)";

/// "1.2 \cdot 10^{-5}" between dollar signs.
std::string number(double value) {
  const std::string digits = detail::short_number(value);
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "$-\\infty$" : "$\\infty$";
  const std::size_t e = digits.find('e');
  if (e == std::string::npos) return "$" + digits + "$";
  return fmt::format("${} \\cdot 10^{{{}}}$", digits.substr(0, e), std::stoi(digits.substr(e + 1)));
}

std::string number(const std::optional<double>& value) {
  return value ? number(*value) : "--";
}

std::string term(const char* name, const std::string& tex) {
  return tex.empty() ? "" : fmt::format("\\term{{{}}}{}\\par\n", name, tex);
}

std::string command_line(const std::string& command) {
  return command.empty() ? "" : fmt::format("\\commandline{{{}}}\n", escape_tex(command));
}

/// A table over several pages whose head is repeated.
std::string table(const char* columns, const std::string& head, const std::string& body) {
  if (body.empty()) return "";
  return fmt::format(
      "\\begin{{longtable}}{{{}}}\n\\toprule\n{}\\\\\n\\midrule\n\\endhead\n"
      "\\bottomrule\n\\endfoot\n{}\\end{{longtable}}\n",
      columns, head, body);
}

std::string claims_table(const std::vector<ClaimRow>& rows) {
  std::string body;
  for (const ClaimRow& row : rows)
    body += fmt::format("{} & {} & {} & {} & {} & {} & {} & {}\\\\\n", escape_tex(row.text.id),
                        to_string(row.verdict.kind()), number(row.bound), number(row.measured),
                        number(row.ratio), row.instances, row.seeds, row.digits);
  return table("@{}llrrrrrr@{}",
               "claim & verdict & bound & measured & ratio & instances & seeds & digits", body);
}

std::string premises(const ClaimRow& row) {
  std::string items;
  const auto item = [&](const std::string& words, const std::string& count) {
    items += fmt::format("\\item {}{}\n", prose_to_tex(words), count);
  };
  const auto held = [](const PremiseCount& c) {
    return fmt::format(" (held {} of {})", c.held, c.of);
  };
  const auto& named = row.text.premises;
  for (const std::string& premise : named) {
    const auto count = std::find_if(row.premises.begin(), row.premises.end(),
                                    [&](const PremiseCount& c) { return c.premise == premise; });
    item(premise, count == row.premises.end() ? "" : held(*count));
  }
  for (const PremiseCount& count : row.premises)
    if (std::find(named.begin(), named.end(), count.premise) == named.end())
      item(count.premise, held(count));
  return items.empty() ? "" : "\\term{Premises}\n\\begin{itemize}\n" + items + "\\end{itemize}\n";
}

std::string measurements(const std::vector<Measurement>& all) {
  std::string body;
  for (const Measurement& m : all) {
    const std::string interval =
        m.interval ? fmt::format("[{}, {}]", number(m.interval->first), number(m.interval->second))
                   : "--";
    body += fmt::format("{} & {} & {} & {}\\\\\n", prose_to_tex(m.name), number(m.value), interval,
                        prose_to_tex(m.note));
  }
  return table("@{}L{0.32\\textwidth}rrL{0.28\\textwidth}@{}", "quantity & value & interval & note",
               body);
}

std::string results(const std::vector<InstanceResult>& all) {
  std::string body;
  for (const InstanceResult& r : all)
    body += fmt::format("{} & {} & {}\\\\\n", detail::read_prose_to_tex(r.name),
                        detail::read_prose_to_tex(r.verdict.text()), command_line(r.replay));
  return table("@{}L{0.24\\textwidth}L{0.26\\textwidth}L{0.42\\textwidth}@{}",
               "instance & verdict & run it again", body);
}

std::string labelled(const std::string& label, const std::optional<double>& value) {
  if (!value && label.empty()) return "";
  return number(value) + (label.empty() ? "" : ": " + prose_to_tex(label));
}

std::string claim(const ClaimRow& row) {
  const ClaimText& text = row.text;
  return fmt::format("\\subsection*{{{} \\quad {}}}\n", escape_tex(text.id),
                     prose_to_tex(text.title)) +
         term("Verdict", detail::read_prose_to_tex(row.verdict.text())) +
         term("Statement", prose_to_tex(text.statement)) + premises(row) +
         term("Conclusion", prose_to_tex(text.conclusion)) +
         term("Bound", labelled(row.bound_label, row.bound)) +
         term("Measured", labelled(row.measured_label, row.measured)) +
         term("Ratio", labelled(row.ratio_label, row.ratio)) +
         term("Constants", prose_to_tex(text.constants)) +
         term("How it is checked", prose_to_tex(text.method)) +
         term("What would falsify it", prose_to_tex(text.falsifier)) +
         term("Source", prose_to_tex(text.source)) + measurements(row.measurements) +
         results(row.results);
}

std::string named_values(const char* heading,
                         const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::string body;
  for (const auto& [name, value] : pairs)
    body += fmt::format("{} & {}\\\\\n", escape_tex(name), escape_tex(value));
  if (body.empty()) return "";
  return fmt::format("\\subsection*{{{}}}\n", heading) +
         table("@{}L{0.3\\textwidth}L{0.6\\textwidth}@{}", "name & value", body);
}

std::string tests(const std::vector<StatisticalTest>& all) {
  if (all.empty()) return "";
  std::string body;
  for (const StatisticalTest& t : all)
    body += fmt::format("{} & {} & {} & {} & {} & {}\\\\\n", escape_tex(t.claim),
                        prose_to_tex(t.what), t.trials, number(detail::rounded_up(t.alpha)),
                        prose_to_tex(t.alternative), number(detail::rounded_down(t.power)));
  return "\\section*{Statistical tests}\n" +
         table("@{}lL{0.3\\textwidth}rrL{0.24\\textwidth}r@{}",
               "claim & what is tested & trials & alpha & alternative & power", body) +
         fmt::format("{} {}.\n", detail::chance_words,
                     number(detail::rounded_up(detail::chance_of_falsehood(all))));
}

std::string rejections(const std::vector<Rejection>& all) {
  if (all.empty()) return "";
  std::string body;
  for (const Rejection& r : all)
    body += fmt::format("{} & {} & {} & {}\\\\\n", detail::to_string(r.kind), prose_to_tex(r.name),
                        r.caught_by.empty()
                            ? "\\textbf{NOT caught}"
                            : escape_tex(fmt::format("{}", fmt::join(r.caught_by, ", "))),
                        prose_to_tex(r.detail));
  return fmt::format("\\section*{{What the suite refuses}}\n{}\n", detail::caught_in_words(all)) +
         table("@{}lL{0.28\\textwidth}L{0.22\\textwidth}L{0.28\\textwidth}@{}",
               "kind & what is false & caught by & detail", body);
}

std::string simulation(const Simulation& s) {
  std::string head, body, columns = "@{}";
  for (const std::string& key : s.keys) head += prose_to_tex(key) + " & ", columns += "l";
  head += "runs", columns += "r";
  for (const std::string& quantity : s.quantities)
    head += " & " + prose_to_tex(quantity), columns += "L{0.2\\textwidth}";
  for (const SimulationCell& cell : s.cells) {
    for (const std::string& key : cell.keys) body += prose_to_tex(key) + " & ";
    body += fmt::format("{}", cell.runs);
    if (cell.diverged > 0) body += fmt::format(" ({} diverged)", cell.diverged);
    for (const Measurement& m : cell.values)
      body += " & " + (std::isnan(m.value) ? std::string("--") : number(m.value)) +
              (m.interval
                   ? fmt::format(" [{}, {}]", number(m.interval->first), number(m.interval->second))
                   : "");
    body += "\\\\\n";
  }
  return fmt::format("\\subsection*{{{}}}\n", prose_to_tex(s.title)) +
         term("Scale", escape_tex(s.scale)) + command_line(s.command) + prose_to_tex(s.note) +
         "\n\n{\\footnotesize\n" + table((columns + "@{}").c_str(), head, body) + "}\n";
}

std::string simulations(const std::vector<Simulation>& all) {
  std::string out = all.empty() ? "" : "\\section*{Simulations}\n";
  for (const Simulation& s : all) out += simulation(s);
  return out;
}

}  // namespace

std::string to_tex(const Report& report) {
  std::string out = preamble;
  out += fmt::format(
      "\\title{{alignproof: verification report}}\n\\author{{profile {}, seed {}}}\n\\date{{}}\n"
      "\\begin{{document}}\n\\maketitle\n",
      escape_tex(report.profile), report.seed);
  out += command_line(report.command) + fmt::format("{}\n", detail::path_words) +
         "\\section*{Claims}\n" + claims_table(report.rows) + tests(report.tests) +
         rejections(report.rejections) + simulations(report.simulations);
  if (!report.rows.empty()) out += "\\section*{Details}\n";
  for (const ClaimRow& row : report.rows) out += claim(row);
  out += "\\section*{How this report was made}\n" + named_values("Settings", report.settings) +
         named_values("Versions", report.versions) +
         named_values("Environment", report.environment);
  return out + "\\end{document}\n";
}

namespace formats {

ReportFormat tex() {
  return {"tex", "report.tex", to_tex};
}

}  // namespace formats

}  // namespace alignproof::inline report
