// SPDX-License-Identifier: Apache-2.0
// The report and the words of one claim for a terminal of 80 columns.
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <alignproof/report/formats.hpp>
#include <alignproof/report/math.hpp>
#include <alignproof/report/writers.hpp>

#include "report/evidence.hpp"
#include "report/read_prose.hpp"
#include "report/words.hpp"

namespace alignproof::inline report {
namespace {

using detail::needs_care;
using detail::pad_left;
using detail::pad_right;
using detail::read_prose_to_text;
using detail::shortened;
using detail::width;

constexpr std::size_t terminal = 80;
constexpr std::size_t indent = 4;
constexpr std::size_t most_instances = 8;

std::string rule(char c) {
  return std::string(terminal, c) + "\n";
}

/// `text` wrapped, each line behind `margin` blanks; `head` stands in the margin of the first line.
std::string paragraph(const std::string& text, std::size_t margin, const std::string& head = "") {
  std::string out;
  for (const std::string& line : detail::wrapped(text, terminal - margin)) {
    out += (out.empty() ? pad_right(head, margin) : std::string(margin, ' ')) + line + "\n";
  }
  return out;
}

/// A command line may be copied: broken lines end in a backslash.
std::string command_lines(const std::string& command, std::size_t margin) {
  auto lines = detail::wrapped(command, terminal - margin - 2);
  std::string out;
  for (std::size_t i = 0; i < lines.size(); ++i)
    out += std::string(margin, ' ') + lines[i] + (i + 1 < lines.size() ? " \\\n" : "\n");
  return out;
}

struct Column {
  std::string title;
  std::size_t widest;  ///< cells are shortened to this
  bool to_the_left = false;
};

const std::array<Column, 8>& columns() {
  // The widths and the seven gaps of two blanks make 78.
  static const std::array<Column, 8> all = {{{"claim", 8, true},
                                             {"verdict", 9, true},
                                             {"bound", 10},
                                             {"measured", 10},
                                             {"ratio", 9},
                                             {"inst.", 6},
                                             {"seeds", 6},
                                             {"digits", 6}}};
  return all;
}

using Cells = std::array<std::string, 8>;

std::string number_cell(const std::optional<double>& value) {
  return value ? detail::short_number(*value) : "–";
}

/// Counts of seven digits and more do not fit: 12345678 becomes 1.2e7.
std::string count_cell(std::size_t count) {
  const std::string digits = std::to_string(count);
  if (digits.size() <= 6) return digits;
  return fmt::format("{}.{}e{}", digits[0], digits[1], digits.size() - 1);
}

Cells cells_of(const ClaimRow& row) {
  return {row.text.id,
          row.verdict.label(),
          number_cell(row.bound),
          number_cell(row.measured),
          number_cell(row.ratio),
          count_cell(row.instances),
          count_cell(row.seeds),
          count_cell(row.digits)};
}

std::string table_line(const Cells& cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Column& column = columns()[i];
    const std::string cell = shortened(cells[i], column.widest);
    line += (i > 0 ? "  " : "") +
            (column.to_the_left ? pad_right(cell, column.widest) : pad_left(cell, column.widest));
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string table(const std::vector<ClaimRow>& rows) {
  Cells titles;
  for (std::size_t i = 0; i < titles.size(); ++i) titles[i] = columns()[i].title;
  std::string out = table_line(titles) + rule('-');
  std::string condition;
  for (const ClaimRow& row : rows) {
    out += table_line(cells_of(row));
    if (row.verdict.label().ends_with('*')) condition = read_prose_to_text(row.verdict.detail());
  }
  return condition.empty() ? out : out + paragraph("* " + condition, 0);
}

std::string labels(const ClaimRow& row) {
  std::string out;
  const auto add = [&](const char* name, const std::string& label) {
    if (!label.empty()) out += paragraph(fmt::format("{}: {}", name, prose_to_text(label)), indent);
  };
  add("bound", row.bound_label);
  add("measured", row.measured_label);
  add("ratio", row.ratio_label);
  return out;
}

/// How often each premise held on the instances looked at.
std::string premise_counts(const ClaimRow& row) {
  std::string counts;
  for (const PremiseCount& count : row.premises)
    counts += fmt::format("{}{}: {} of {}", counts.empty() ? "" : "; ",
                          prose_to_text(count.premise), count.held, count.of);
  return counts.empty() ? "" : paragraph("premises: " + counts, indent);
}

/// The first few; a report of a thousand failures is read elsewhere.
std::string instances_that_need_care(const ClaimRow& row) {
  std::string out;
  std::size_t found = 0;
  for (const InstanceResult& result : row.results) {
    if (!needs_care(result.verdict.kind()) || ++found > most_instances) continue;
    out += paragraph(read_prose_to_text(fmt::format("{}: {}", result.name, result.verdict.text())),
                     indent + 2, "    -");
    if (!result.replay.empty()) out += command_lines(result.replay, indent + 2);
  }
  if (found > most_instances)
    out += paragraph(fmt::format("... and {} more", found - most_instances), indent + 2);
  return out;
}

bool has_words(const ClaimRow& row) {
  return needs_care(row.verdict.kind()) || !row.verdict.words().empty() ||
         !instances_that_need_care(row).empty();
}

std::string heading(const ClaimText& claim) {
  const std::string id = shortened(claim.id, 20);
  const std::string title = prose_to_text(claim.title);
  return title.empty() ? id + "\n" : paragraph(title, width(id) + 2, id);
}

std::string words_about(const ClaimRow& row) {
  return "\n" + heading(row.text) + paragraph(read_prose_to_text(row.verdict.text()), indent) +
         labels(row) + premise_counts(row) + instances_that_need_care(row);
}

std::string section(const char* heading, const std::string& body) {
  return body.empty() ? "" : fmt::format("\n{}\n{}", heading, body);
}

std::string section_of_prose(const char* heading, const std::string& prose) {
  return section(heading, paragraph(prose_to_text(prose), indent));
}

/// Tests of one claim with the same alternative, in a row, as one: the page lists each.
std::vector<StatisticalTest> grouped(const std::vector<StatisticalTest>& all) {
  std::vector<StatisticalTest> groups;
  for (std::size_t i = 0; i < all.size();) {
    StatisticalTest group = all[i];
    const auto alike = [&](const StatisticalTest& t) {
      return t.claim == group.claim && t.trials == group.trials &&
             t.alternative == group.alternative;
    };
    std::size_t last = i + 1;
    for (; last < all.size() && alike(all[last]); ++last) {
      group.alpha += all[last].alpha;
      group.power = std::min(group.power, all[last].power);
    }
    if (last > i + 1) group.what += fmt::format(", and {} more like it", last - i - 1);
    groups.push_back(group);
    i = last;
  }
  return groups;
}

std::string tests_in_text(const std::vector<StatisticalTest>& all) {
  if (all.empty()) return "";
  const auto line = [](const std::string& claim, const std::string& trials,
                       const std::string& alpha, const std::string& power,
                       const std::string& words) {
    const std::string head = pad_right(shortened(claim, 8), 8) + pad_left(shortened(trials, 6), 8) +
                             pad_left(shortened(alpha, 10), 12) + pad_left(shortened(power, 9), 11);
    return paragraph(words, width(head) + 2, head);
  };
  std::string out = "\nStatistical tests\n" +
                    line("claim", "trials", "alpha", "power", "what is tested; what it sees") +
                    rule('-');
  for (const StatisticalTest& t : grouped(all))
    out += line(t.claim, count_cell(t.trials), detail::short_number(detail::rounded_up(t.alpha)),
                detail::short_number(detail::rounded_down(t.power)),
                fmt::format("{}; sees {}", prose_to_text(t.what), prose_to_text(t.alternative)));
  const double chance = detail::rounded_up(detail::chance_of_falsehood(all));
  return out +
         paragraph(fmt::format("{} {}", detail::chance_words, detail::short_number(chance)), 0);
}

std::string rejections_in_text(const std::vector<Rejection>& all) {
  if (all.empty()) return "";
  std::string out = "\nRefused\n" + paragraph(detail::caught_in_words(all), indent);
  for (const Rejection& r : all) {
    const std::string why = prose_to_text(r.detail);
    const std::string by = !r.caught_by.empty() ? fmt::format("{}", fmt::join(r.caught_by, ", "))
                           : why.empty()        ? "NOT caught"
                                                : fmt::format("NOT caught ({})", why);
    out +=
        paragraph(fmt::format("{}: {} -> {}", detail::to_string(r.kind), prose_to_text(r.name), by),
                  indent, "  -");
  }
  return out;
}

std::string with_interval(const Measurement& m) {
  if (std::isnan(m.value)) return "–";
  std::string out = detail::short_number(m.value);
  if (m.interval) out += fmt::format(" [{:.2g}, {:.2g}]", m.interval->first, m.interval->second);
  return out;
}

/// Of comparisons the first quantity and the last, the difference; the page has everything.
std::string comparison(const Simulation& s) {
  std::string out = std::string(indent + 2, ' ') + pad_right("", 28) +
                    pad_right(shortened(prose_to_text(s.quantities.front()), 20), 22) +
                    "minus backpropagation's\n";
  for (const SimulationCell& cell : s.cells) {
    const std::string keys = prose_to_text(fmt::format("{}", fmt::join(cell.keys, ", ")));
    const std::string head =
        std::string(indent + 2, ' ') + pad_right(shortened(keys, 26), 28) +
        pad_right(shortened(detail::short_number(cell.values.front().value), 20), 22);
    out += paragraph(with_interval(cell.values.back()), width(head), head);
  }
  return out;
}

std::string simulations_in_text(const std::vector<Simulation>& all) {
  std::string out;
  for (const Simulation& s : all) {
    std::size_t runs = 0;
    for (const SimulationCell& cell : s.cells) runs += cell.runs;
    out += paragraph(fmt::format("{}: scale {}, {} runs", prose_to_text(s.title), s.scale, runs),
                     indent + 2, "    -");
    if (!s.note.empty() && !s.quantities.empty()) out += comparison(s);
  }
  return out.empty() ? "" : "\nSimulations (figures and intervals: see the page)\n" + out;
}

}  // namespace

std::string to_text(const Report& report) {
  std::string out =
      paragraph(fmt::format("alignproof, profile {}, seed {}", report.profile, report.seed), 0);
  out += command_lines(report.command, indent) + "\n" + table(report.rows);
  for (const ClaimRow& row : report.rows)
    if (has_words(row)) out += words_about(row);
  return out + tests_in_text(report.tests) + rejections_in_text(report.rejections) +
         simulations_in_text(report.simulations);
}

std::string to_text(const ClaimText& claim) {
  std::string out = heading(claim) + rule('=');
  out += section_of_prose("Statement", claim.statement);
  std::string premises;
  for (const std::string& premise : claim.premises)
    premises += paragraph(prose_to_text(premise), indent, "  -");
  out += section("Premises", premises);
  out += section_of_prose("Conclusion", claim.conclusion);
  out += section_of_prose("Constants", claim.constants);
  out += section_of_prose("Source", claim.source);
  out += section_of_prose("How it is checked", claim.method);
  out += section_of_prose("What would falsify it", claim.falsifier);
  return out;
}

namespace formats {

ReportFormat text() {
  return {"text", "", to_text};
}

}  // namespace formats

}  // namespace alignproof::inline report
