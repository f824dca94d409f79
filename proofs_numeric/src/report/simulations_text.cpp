// SPDX-License-Identifier: Apache-2.0
// The table of a simulation for a terminal of 80 columns. Quantities that do not fit beside the
// cells stand in further tables below, with the cells again.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <alignproof/report/math.hpp>
#include <alignproof/report/writers.hpp>

#include "words.hpp"

namespace alignproof::inline report::detail {
namespace {

constexpr std::size_t line_width = 80, gap = 2;
constexpr std::size_t widest_head = 52;  ///< of the columns that say which cell it is
constexpr std::size_t widest_title = 18, widest_quantity = 26;

/// A column: its title and a field for each cell.
struct TextColumn {
  std::string title;
  std::vector<std::string> fields;
  std::size_t columns = 0;  ///< of the terminal
};

std::size_t widest_field(const TextColumn& column) {
  std::size_t widest = 1;
  for (const std::string& field : column.fields) widest = std::max(widest, width(field));
  return widest;
}

std::size_t width_of(const std::vector<TextColumn>& columns) {
  std::size_t sum = 0;
  for (const TextColumn& column : columns) sum += column.columns + gap;
  return sum;
}

/// What says which cell it is; the widest are narrowed until all fit.
std::vector<TextColumn> head_columns(const Simulation& s) {
  std::vector<TextColumn> columns;
  for (std::size_t k = 0; k < s.keys.size(); ++k) {
    columns.push_back({prose_to_text(s.keys[k]), {}});
    for (const SimulationCell& cell : s.cells)
      columns.back().fields.push_back(prose_to_text(cell.keys.at(k)));
  }
  columns.push_back({"runs", {}});
  for (const SimulationCell& cell : s.cells)
    columns.back().fields.push_back(std::to_string(cell.runs));
  if (std::any_of(s.cells.begin(), s.cells.end(),
                  [](const SimulationCell& cell) { return cell.diverged > 0; })) {
    columns.push_back({"diverged", {}});
    for (const SimulationCell& cell : s.cells)
      columns.back().fields.push_back(std::to_string(cell.diverged));
  }
  for (TextColumn& column : columns)
    column.columns = std::max(width(column.title), widest_field(column));
  while (width_of(columns) > widest_head) {
    const auto widest =
        std::max_element(columns.begin(), columns.end(),
                         [](const auto& a, const auto& b) { return a.columns < b.columns; });
    if (widest->columns <= 1) break;
    --widest->columns;
  }
  return columns;
}

/// "0.5134 ± 0.11": the mean and half of its interval.
std::string mean_in_text(const Measurement& m) {
  if (std::isnan(m.value)) return "–";
  if (!m.interval) return short_number(m.value);
  return fmt::format("{} ± {:.2g}", short_number(m.value),
                     (m.interval->second - m.interval->first) / 2);
}

std::vector<TextColumn> quantity_columns(const Simulation& s) {
  std::vector<TextColumn> columns;
  for (std::size_t q = 0; q < s.quantities.size(); ++q) {
    columns.push_back({prose_to_text(s.quantities[q]), {}});
    for (const SimulationCell& cell : s.cells)
      columns.back().fields.push_back(mean_in_text(cell.values.at(q)));
    const std::size_t title = std::min(width(columns.back().title), widest_title);
    columns.back().columns =
        std::min(std::max(title, widest_field(columns.back())), widest_quantity);
  }
  return columns;
}

std::string without_blanks_at_end(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

/// Titles, over as many lines as the longest needs, end at the bottom.
std::string titles_in_text(const std::vector<TextColumn>& columns, std::size_t heads) {
  std::vector<std::vector<std::string>> lines;
  std::size_t most = 1;
  for (std::size_t c = 0; c < columns.size(); ++c) {
    const TextColumn& column = columns[c];
    lines.push_back(c < heads ? std::vector{shortened(column.title, column.columns)}
                              : wrapped(column.title, column.columns));
    most = std::max(most, lines.back().size());
  }
  std::string out;
  for (std::size_t i = 0; i < most; ++i) {
    std::string line;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const std::size_t blank = most - lines[c].size();
      const std::string part = i < blank ? "" : lines[c][i - blank];
      line += (c ? std::string(gap, ' ') : "") + (c < heads ? pad_right(part, columns[c].columns)
                                                            : pad_left(part, columns[c].columns));
    }
    out += without_blanks_at_end(line);
  }
  return out;
}

std::string panel_in_text(const std::vector<TextColumn>& columns, std::size_t heads,
                          std::size_t cells) {
  std::string out = titles_in_text(columns, heads) + std::string(line_width, '-') + "\n";
  for (std::size_t i = 0; i < cells; ++i) {
    std::string line;
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const std::string field = shortened(columns[c].fields[i], columns[c].columns);
      line += (c ? std::string(gap, ' ') : "") + (c < heads ? pad_right(field, columns[c].columns)
                                                            : pad_left(field, columns[c].columns));
    }
    out += without_blanks_at_end(line);
  }
  return out;
}

std::string lines_in_text(const std::string& words) {
  std::string out;
  for (const std::string& line : wrapped(words, line_width)) out += line + "\n";
  return out;
}

std::string simulation_in_text(const Simulation& s) {
  std::size_t runs = 0;
  for (const SimulationCell& cell : s.cells) runs += cell.runs;
  std::string out = lines_in_text(
      fmt::format("{}: {}, scale {}, {} runs; means at the end ± half of their intervals",
                  prose_to_text(s.title), s.id, s.scale, runs));
  if (!s.note.empty()) out += lines_in_text(prose_to_text(s.note));
  const std::vector<TextColumn> head = head_columns(s);
  std::vector<TextColumn> panel = head;
  const auto close = [&] {
    out += "\n" + panel_in_text(panel, head.size(), s.cells.size());
    panel = head;
  };
  for (TextColumn& column : quantity_columns(s)) {
    const bool fits = width_of(panel) + column.columns <= line_width;
    if (!fits && panel.size() > head.size()) close();
    panel.push_back(std::move(column));
  }
  close();
  return out;
}

}  // namespace
}  // namespace alignproof::inline report::detail

namespace alignproof::inline report {

std::string to_text(const Simulation& simulation) {
  return detail::simulation_in_text(simulation);
}

}  // namespace alignproof::inline report
