// SPDX-License-Identifier: Apache-2.0
// Reports for the tests of the writers: random ones with awkward words and numbers.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <alignproof/format/report.hpp>

#include "property.hpp"

namespace alignproof::testing {

/// Words that have broken writers before: markup, other alphabets, no blanks, control characters.
inline rc::Gen<std::string> words() {
  static const std::vector<std::string> fragments = {
      "plain ",
      "<script>",
      "&",
      "\"quoted\"",
      "it's ",
      "50% ",
      "a_b ",
      "{x}",
      "#1 ",
      "~",
      "^",
      "\\end ",
      "–",
      "größe ",
      "≤ ",
      "雪",
      "--flag ",
      "\n",
      "\t",
      "\x1b",
      "]]>",
      "sup ",
      "]embed\"",
      "{{rows}}",
      "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567 "};
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(fragments)),
                      [](const std::vector<std::string>& parts) {
                        std::string all;
                        for (const std::string& part : parts) all += part;
                        return all;
                      });
}

/// Words with formulas among them.
inline rc::Gen<std::string> prose() {
  static const std::vector<std::string> formulas = {"",
                                                    "$|e(t+1)| \\le (1 - \\eta\\gamma/4) |e(t)|$",
                                                    "$\\frac{n\\sqrt{\\log p}}{\\gamma\\sqrt p}$",
                                                    "$x < y$",
                                                    "$\\bar G_{ij} = \\mathbb{E}\\,\\psi(x)$",
                                                    "$p^{-1/2}$"};
  return rc::gen::map(rc::gen::tuple(words(), rc::gen::elementOf(formulas), words()),
                      [](const auto& parts) {
                        return std::get<0>(parts) + std::get<1>(parts) + std::get<2>(parts);
                      });
}

inline rc::Gen<double> numbers() {
  using limits = std::numeric_limits<double>;
  return rc::gen::oneOf(rc::gen::arbitrary<double>(),
                        rc::gen::element(0.0, 1.0, -1.0, 1e-300, -1e300, limits::max(),
                                         limits::lowest(), limits::denorm_min(), limits::infinity(),
                                         -limits::infinity(), limits::quiet_NaN()));
}

/// The lower end first, as in every report.
inline std::pair<double, double> random_interval() {
  const double a = *numbers(), b = *numbers();
  return {std::min(a, b), std::max(a, b)};
}

inline std::optional<double> maybe_number() {
  return *rc::gen::arbitrary<bool>() ? std::optional<double>(*numbers()) : std::nullopt;
}

inline Verdict random_verdict() {
  const std::string detail = *words();
  switch (*rc::gen::inRange(0, 6)) {
    case 0:
      return Verdict::exact(detail);
    case 1:
      return Verdict::holds(detail);
    case 2:
      return Verdict::sampled(detail);
    case 3:
      return Verdict::undecided(detail);
    case 4:
      return Verdict::refuted(detail);
    default:
      return Verdict::invalid(detail);
  }
}

inline ClaimText random_claim_text() {
  return {*words(), *prose(), *prose(), *prose(), {*prose(), *prose()},
          *prose(), *prose(), *prose(), *prose()};
}

inline IntervalKind random_kind() {
  return *rc::gen::element(IntervalKind::confidence, IntervalKind::instance, IntervalKind::spread);
}

inline ClaimRow random_row() {
  ClaimRow row;
  row.text = random_claim_text();
  row.verdict = random_verdict();
  row.bound_label = *prose();
  row.measured_label = *prose();
  row.ratio_label = *prose();
  row.bound = maybe_number();
  row.measured = maybe_number();
  row.ratio = maybe_number();
  row.instances = *rc::gen::arbitrary<std::size_t>();
  row.seeds = *rc::gen::arbitrary<std::size_t>();
  row.digits = *rc::gen::arbitrary<unsigned>();
  row.premises = {{row.text.premises[0], 1, 2}, {*prose(), 2, 2}};
  row.measurements = {{*prose(), *numbers(), random_interval(), *prose(), random_kind()},
                      {*prose(), *numbers(), std::nullopt, ""}};
  row.results = {{*prose(), random_verdict(), *words()}, {*words(), random_verdict(), ""}};
  row.ran = *rc::gen::arbitrary<bool>();
  return row;
}

inline Series random_series() {
  Series series;
  series.name = *prose();
  series.at = *prose();
  series.style = static_cast<Series::Style>(*rc::gen::inRange(0, 4));
  series.x = *rc::gen::container<std::vector<double>>(numbers());
  series.y = *rc::gen::container<std::vector<double>>(series.x.size(), numbers());
  if (*rc::gen::arbitrary<bool>()) {
    series.low = *rc::gen::container<std::vector<double>>(series.x.size(), numbers());
    series.high = *rc::gen::container<std::vector<double>>(series.x.size(), numbers());
  }
  return series;
}

inline Figure random_figure() {
  Figure figure{*words(),
                *prose(),
                *prose(),
                *prose(),
                *prose(),
                *rc::gen::arbitrary<bool>(),
                *rc::gen::arbitrary<bool>(),
                {}};
  const int series = *rc::gen::inRange(0, 9);
  for (int i = 0; i < series; ++i) figure.series.push_back(random_series());
  return figure;
}

inline StatisticalTest random_test() {
  return {*words(), *prose(), *rc::gen::arbitrary<std::size_t>(), *numbers(), *prose(), *numbers()};
}

/// Caught by rows that may be there, by one more than once, or by none.
inline Rejection random_rejection(const std::vector<ClaimRow>& rows) {
  std::vector<std::string> ids = {"T1", "T1'", *words()};
  for (const ClaimRow& row : rows) ids.push_back(row.text.id);
  return {*rc::gen::element(Rejection::Kind::false_claim, Rejection::Kind::planted_error), *prose(),
          *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(ids)), *prose()};
}

inline Measurement random_measurement() {
  Measurement m{*prose(), *numbers(), std::nullopt, *prose()};
  if (*rc::gen::arbitrary<bool>()) m.interval = random_interval();
  m.kind = random_kind();
  return m;
}

inline Simulation random_simulation() {
  Simulation s{*words(), *prose(), *rc::gen::element<std::string>("smoke", "small", "full"),
               *words(), *prose(), {},
               {},       {},       {random_figure()}};
  const int keys = *rc::gen::inRange(0, 3), quantities = *rc::gen::inRange(0, 4),
            cells = *rc::gen::inRange(0, 15);
  for (int i = 0; i < keys; ++i) s.keys.push_back(*prose());
  for (int i = 0; i < quantities; ++i) s.quantities.push_back(*prose());
  for (int c = 0; c < cells; ++c) {
    SimulationCell cell;
    for (int i = 0; i < keys; ++i) cell.keys.push_back(*prose());
    cell.runs = *rc::gen::inRange<std::size_t>(0, 99);
    cell.diverged = *rc::gen::inRange<std::size_t>(0, 3);
    for (int i = 0; i < quantities; ++i) cell.values.push_back(random_measurement());
    s.cells.push_back(std::move(cell));
  }
  return s;
}

inline Report random_report() {
  Report report;
  report.profile = *words();
  report.seed = *rc::gen::arbitrary<std::uint64_t>();
  report.command = *words();
  report.part = *rc::gen::arbitrary<bool>();
  report.settings = {{*words(), *words()}};
  report.versions = {{*words(), *words()}};
  report.environment = {{*words(), *words()}};
  const int rows = *rc::gen::inRange(0, 4);
  for (int i = 0; i < rows; ++i) {
    report.rows.push_back(random_row());
    if (!report.part) report.rows.back().ran = true;
  }
  report.figures = {random_figure()};
  const int simulations = *rc::gen::inRange(0, 3);
  for (int i = 0; i < simulations; ++i) {
    report.simulations.push_back(random_simulation());
    // The figures of a report have names of their own.
    for (Figure& figure : report.simulations.back().figures)
      figure.id = "simulation " + std::to_string(i) + " " + figure.id;
  }
  const int tests = *rc::gen::inRange(0, 4), rejections = *rc::gen::inRange(0, 4);
  for (int i = 0; i < tests; ++i) report.tests.push_back(random_test());
  for (int i = 0; i < rejections; ++i) report.rejections.push_back(random_rejection(report.rows));
  return report;
}

/// Two tests, and three falsehoods of which one survives.
inline void add_evidence(Report& report) {
  using Kind = Rejection::Kind;
  report.tests = {{"T1'", "share of seeds with $x < y$", 175, 1e-8, "$0.67$ or less", 0.99999991},
                  {"T2", "exponent of 50% & more", 60, 2.34567e-5, "above $-1/4$", 0.8}};
  report.rejections = {
      {Kind::planted_error, "sign of $\\eta$", {"ID", "T1'"}, "residual $10^{-3}$"},
      {Kind::false_claim, "T1' with rate $\\gamma$", {"T1'"}, "0 of 175 seeds"},
      {Kind::false_claim, "T3 for every $\\lambda$", {}, "a & b"}};
}

}  // namespace alignproof::testing
