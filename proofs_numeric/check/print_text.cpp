// SPDX-License-Identifier: Apache-2.0
// A report for people: a table of the inequalities, then the facts, at 80 columns.
#include <alignproof/core/no_fast_math.hpp>

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include <alignproof/core/columns.hpp>

#include "decimals.hpp"
#include "facts.hpp"
#include "print.hpp"

namespace alignproof::check {

namespace {

// A row: a mark, the inequality, and three numbers, each behind a blank.
constexpr std::size_t mark_columns = 2, number_columns = 11,
                      numbers_columns = 3 * (1 + number_columns),
                      name_columns = terminal_columns - mark_columns - numbers_columns;
constexpr std::size_t hanging = 2, detail_margin = 6, fact_margin = 11;
constexpr int most_digits = 5;

/// With as many digits as fit.
template <typename Decimal>
std::string cell(const Decimal& decimal_of, const Ball& x) {
  std::string text;
  for (int digits = most_digits; digits > 0; --digits) {
    text = decimal_of(x, digits);
    if (text.size() <= number_columns) break;
  }
  return " " + pad_left(text, number_columns);
}

/// Of what is enclosed, the ends on which the decision rests.
std::string cells(const Sides& sides, Decision decision) {
  const auto& [left, right, margin] = sides;
  switch (decision) {
    case Decision::proved:
    case Decision::undecided:
      return cell(lower_end, left) + cell(upper_end, right) + cell(decimal_below, margin);
    case Decision::violated:
      return cell(upper_end, left) + cell(lower_end, right) + cell(decimal_above, margin);
  }
  throw std::logic_error("no such decision");
}

const char* mark_of(Decision decision) {
  switch (decision) {
    case Decision::proved:
      return "  ";
    case Decision::violated:
      return "! ";
    case Decision::undecided:
      return "? ";
  }
  throw std::logic_error("no such decision");
}

void add(std::vector<std::string>& lines, const std::vector<std::string>& more) {
  lines.insert(lines.end(), more.begin(), more.end());
}

/// A margin whose sign is not known.
std::string open_margin(const Ball& margin) {
  return fmt::format("the margin lies between {} and {}", decimal_below(margin, most_digits),
                     decimal_above(margin, most_digits));
}

void add_row(std::vector<std::string>& lines, const Condition& condition) {
  const bool fits = text_width(condition.detail) < numbers_columns;
  const std::string numbers = condition.sides ? cells(*condition.sides, condition.decision)
                              : fits          ? pad_left(condition.detail, numbers_columns)
                                              : "";
  std::vector<std::string> name = wrapped(condition.inequality, name_columns);
  if (condition.step) name.push_back(fmt::format("worst at t = {}", *condition.step));
  // Lines end without blanks.
  lines.push_back(
      mark_of(condition.decision) +
      (numbers.empty() ? name.front() : pad_right(name.front(), name_columns) + numbers));
  for (std::size_t k = 1; k < name.size(); ++k)
    lines.push_back(std::string(mark_columns + hanging, ' ') + name[k]);
  if (!condition.sides && !fits) add(lines, wrapped_behind("", condition.detail, detail_margin));
  if (condition.sides && condition.decision == Decision::undecided)
    add(lines, wrapped_behind("", open_margin(condition.sides->margin), detail_margin));
}

void add_table(std::vector<std::string>& lines, const std::vector<Condition>& conditions) {
  std::string head = std::string(mark_columns, ' ') + pad_right("inequality", name_columns);
  for (const char* title : {"left", "right", "margin"})
    head += " " + pad_left(title, number_columns);
  lines.push_back(head);
  lines.push_back(std::string(terminal_columns, '-'));
  for (const Condition& condition : conditions) add_row(lines, condition);
}

/// Why there are fewer inequalities than in a proof.
std::string rest_of(const Findings& findings) {
  return findings.complete ? "" : "; those that rest on these were not looked at";
}

std::string verdict_of(const Findings& findings) {
  const std::size_t all = findings.conditions.size();
  const auto like_the_whole = std::count_if(
      findings.conditions.begin(), findings.conditions.end(),
      [&](const Condition& condition) { return condition.decision == findings.decision; });
  switch (findings.decision) {
    case Decision::proved:
      return all == 1
                 ? fmt::format("proved: the inequality holds, at {} bits", findings.bits)
                 : fmt::format("proved: all {} inequalities hold, at {} bits", all, findings.bits);
    case Decision::violated:
      return fmt::format("fails: {} of {} inequalities violated (!), at {} bits{}", like_the_whole,
                         all, findings.bits, rest_of(findings));
    case Decision::undecided:
      return fmt::format("undecided: {} of {} inequalities left open (?), at {} bits{}",
                         like_the_whole, all, findings.bits, rest_of(findings));
  }
  throw std::logic_error("no such decision");
}

void add_fact(std::vector<std::string>& lines, const Fact& fact) {
  const std::string head = fact.name + ":";
  if (fact.items.size() < 2) {
    add(lines, wrapped_behind(head, in_one_line(fact), fact_margin));
    return;
  }
  add(lines, wrapped_behind(head, fact.text, fact_margin));
  for (const std::string& item : fact.items)
    add(lines, wrapped_behind(std::string(fact_margin, ' ') + "-", item, fact_margin + hanging));
  if (!fact.end.empty()) add(lines, wrapped_behind("", fact.end, fact_margin));
}

}  // namespace

std::vector<std::string> lines_for_people(const std::string& folder, const Report& report) {
  std::vector<std::string> lines = wrapped_behind("folder:", folder, fact_margin);
  add(lines, wrapped_behind("verdict:", verdict_of(report.findings), fact_margin));
  lines.emplace_back();
  add_table(lines, report.findings.conditions);
  lines.emplace_back();
  for (const Fact& fact : facts_of(report)) add_fact(lines, fact);
  return lines;
}

}  // namespace alignproof::check
