// SPDX-License-Identifier: Apache-2.0
// The report in GitHub's Markdown, for pull requests and the summaries of jobs: the table, what
// needs care with its replay lines, and the evidence folded away. Formulas are Unicode text, which
// every page shows alike, also inside tables.
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <alignproof/report/formats.hpp>
#include <alignproof/report/math.hpp>

#include "report/evidence.hpp"
#include "report/read_prose.hpp"
#include "report/words.hpp"

namespace alignproof::inline report {
namespace {

using detail::short_number;

constexpr std::string_view dash = "–";
constexpr std::size_t most_instances = 8;

/// On one line, without control characters, and with single blanks.
std::string one_line_of(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= 0x20 || c == 0x7F;
    if (!blank)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

/// Shown as it stands, in a paragraph, an item of a list or a cell of a table. A dollar sign, which
/// would begin a formula, goes by GitHub's own rule into an element.
std::string escape(std::string_view text) {
  const std::string line = one_line_of(text);
  const std::size_t digits = std::min(line.find_first_not_of("0123456789"), line.size());
  std::string out;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool begins_a_list = (i == 0 && (c == '-' || c == '+' || c == '=')) ||
                               (i > 0 && i == digits && (c == '.' || c == ')'));
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '$')
      out += "<span>$</span>";
    else if (begins_a_list || std::string_view("\\`*_[]#~|!").find(c) != std::string_view::npos)
      out += {'\\', c};
    else
      out += c;
  }
  return out;
}

std::string prose(const std::string& text) {
  return escape(prose_to_text(text));
}

/// Prose that may quote what is no formula.
std::string quoting(const std::string& text) {
  return escape(detail::read_prose_to_text(text));
}

/// A command line to be copied, behind so many blanks; the fence is longer than any run of its
/// backticks.
std::string command_block(const std::string& command, std::size_t margin) {
  if (command.empty()) return "";
  const std::string line = one_line_of(command), blanks(margin, ' ');
  std::size_t longest = 2, run = 0;
  for (const char c : line) longest = std::max(longest, run = c == '`' ? run + 1 : 0);
  const std::string fence(longest + 1, '`');
  return fmt::format("\n{0}{1}sh\n{0}{2}\n{0}{1}\n", blanks, fence, line);
}

/// Cells that are escaped already.
std::string table_line(const std::vector<std::string>& cells) {
  return fmt::format("| {} |\n", fmt::join(cells, " | "));
}

/// The head of a table; columns of numbers are set to the right.
std::string table_head(const std::vector<std::string>& titles, std::size_t words) {
  std::vector<std::string> rule(titles.size(), "---:");
  std::fill_n(rule.begin(), words, "---");
  return "\n" + table_line(titles) + table_line(rule);
}

std::string number(const std::optional<double>& value) {
  return value ? short_number(*value) : std::string(dash);
}

std::string verdict_label(const Verdict& verdict) {
  const std::string label = escape(verdict.label());
  return detail::needs_care(verdict.kind()) ? "**" + label + "**" : label;
}

constexpr std::array all_kinds = {
    VerdictKind::proved,    VerdictKind::exact,   VerdictKind::holds,  VerdictKind::sampled,
    VerdictKind::undecided, VerdictKind::refuted, VerdictKind::invalid};

/// "34 claims: 2 proved, 30 holds, 2 undecided"
std::string tally(const Report& report) {
  std::vector<std::string> parts;
  for (const VerdictKind kind : all_kinds) {
    const auto count =
        std::count_if(report.rows.begin(), report.rows.end(),
                      [&](const ClaimRow& row) { return row.verdict.kind() == kind; });
    if (count > 0) parts.push_back(fmt::format("{} {}", count, to_string(kind)));
  }
  std::string out = fmt::format("{} claim{}: {}", report.rows.size(),
                                report.rows.size() == 1 ? "" : "s", fmt::join(parts, ", "));
  if (const std::size_t count = detail::survivors(report.rejections); count > 0)
    out += fmt::format("; **{} of {} falsehoods NOT caught**", count, report.rejections.size());
  return out + "\n";
}

std::string claims_table(const std::vector<ClaimRow>& rows) {
  if (rows.empty()) return "";
  std::string out = table_head(
      {"claim", "title", "verdict", "bound", "measured", "ratio", "instances", "seeds", "digits"},
      3);
  std::string condition;
  for (const ClaimRow& row : rows) {
    out += table_line({escape(row.text.id), prose(row.text.title), verdict_label(row.verdict),
                       number(row.bound), number(row.measured), number(row.ratio),
                       fmt::format("{}", row.instances), fmt::format("{}", row.seeds),
                       fmt::format("{}", row.digits)});
    if (row.verdict.label().ends_with('*')) condition = row.verdict.detail();
  }
  return condition.empty() ? out : out + fmt::format("\n\\* {}\n", quoting(condition));
}

/// The first few that need care, each with the line that runs it again.
std::string instances(const std::vector<InstanceResult>& results) {
  std::string out;
  std::size_t found = 0;
  for (const InstanceResult& result : results)
    if (detail::needs_care(result.verdict.kind()) && ++found <= most_instances)
      out += fmt::format("- {}: {}\n", quoting(result.name), quoting(result.verdict.text())) +
             command_block(result.replay, 2);
  if (found > most_instances) out += fmt::format("- ... and {} more\n", found - most_instances);
  return out;
}

std::string claim(const ClaimRow& row) {
  const std::string listed = instances(row.results);
  if (!detail::needs_care(row.verdict.kind()) && row.verdict.words().empty() && listed.empty())
    return "";
  std::string out = fmt::format("\n### {} {}\n\n**{}**\n\n", escape(row.text.id),
                                prose(row.text.title), quoting(row.verdict.text()));
  const auto add = [&](const char* name, const std::string& words) {
    if (!words.empty()) out += fmt::format("- {}: {}\n", name, words);
  };
  add("bound", prose(row.bound_label));
  add("measured", prose(row.measured_label));
  add("ratio", prose(row.ratio_label));
  for (const PremiseCount& count : row.premises)
    out += fmt::format("- premise {}: {} of {}\n", prose(count.premise), count.held, count.of);
  return out + listed;
}

std::string claims(const std::vector<ClaimRow>& rows) {
  std::string out;
  for (const ClaimRow& row : rows) out += claim(row);
  return out.empty() ? "" : "\n## Verdicts in words\n" + out;
}

std::string folded(const std::string& summary, const std::string& body) {
  return fmt::format("\n<details>\n<summary>{}</summary>\n{}\n</details>\n", summary, body);
}

std::string tests(const std::vector<StatisticalTest>& all) {
  if (all.empty()) return "";
  std::string body =
      table_head({"claim", "what is tested", "alternative", "trials", "alpha", "power"}, 3);
  for (const StatisticalTest& t : all)
    body += table_line({escape(t.claim), prose(t.what), prose(t.alternative),
                        fmt::format("{}", t.trials), short_number(detail::rounded_up(t.alpha)),
                        short_number(detail::rounded_down(t.power))});
  body += fmt::format("\n{} {}.\n", detail::chance_words,
                      short_number(detail::rounded_up(detail::chance_of_falsehood(all))));
  return folded("Statistical tests", body);
}

std::string rejections(const std::vector<Rejection>& all) {
  if (all.empty()) return "";
  std::string body = table_head({"kind", "falsehood", "caught by", "detail"}, 4);
  for (const Rejection& r : all)
    body +=
        table_line({std::string(detail::to_string(r.kind)), prose(r.name),
                    r.caught_by.empty() ? "**NOT caught**"
                                        : escape(fmt::format("{}", fmt::join(r.caught_by, ", "))),
                    prose(r.detail)});
  return folded(detail::caught_in_words(all), body);
}

std::string quantity(const Measurement& m) {
  std::string out = short_number(m.value);
  if (m.interval) out += fmt::format(" [{:.2g}, {:.2g}]", m.interval->first, m.interval->second);
  return escape(out);
}

std::string simulation(const Simulation& s) {
  std::vector<std::string> titles;
  for (const std::string& key : s.keys) titles.push_back(prose(key));
  titles.insert(titles.end(), {"runs", "diverged"});
  for (const std::string& name : s.quantities) titles.push_back(prose(name));
  std::string body;
  if (!s.note.empty()) body += "\n" + prose(s.note) + "\n";
  body += command_block(s.command, 0) + table_head(titles, s.keys.size());
  for (const SimulationCell& cell : s.cells) {
    std::vector<std::string> cells;
    for (const std::string& key : cell.keys) cells.push_back(prose(key));
    cells.push_back(fmt::format("{}", cell.runs));
    cells.push_back(fmt::format("{}", cell.diverged));
    for (const Measurement& value : cell.values) cells.push_back(quantity(value));
    body += table_line(cells);
  }
  return folded(fmt::format("{}: scale {}", prose(s.title), escape(s.scale)), body);
}

std::string to_markdown(const Report& report) {
  std::string out =
      fmt::format("# alignproof, profile {}, seed {}\n\n", escape(report.profile), report.seed);
  out += tally(report) + command_block(report.command, 0) +
         fmt::format("\n{}\n", detail::path_words) + claims_table(report.rows) +
         claims(report.rows) + tests(report.tests) + rejections(report.rejections);
  if (!report.simulations.empty()) out += "\n## Simulations\n";
  for (const Simulation& s : report.simulations) out += simulation(s);
  return out;
}

}  // namespace

namespace formats {

ReportFormat markdown() {
  return {"markdown", "report.md", to_markdown};
}

}  // namespace formats

}  // namespace alignproof::inline report
