// SPDX-License-Identifier: Apache-2.0
// Reports for the tests of the writers: random ones with awkward words and numbers.
#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <string>
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
  row.measurements = {{*prose(), *numbers(), std::pair{*numbers(), *numbers()}, *prose()},
                      {*prose(), *numbers(), std::nullopt, ""}};
  row.results = {{*words(), random_verdict(), *words()}, {*words(), random_verdict(), ""}};
  return row;
}

inline Series random_series() {
  Series series;
  series.name = *prose();
  series.style = static_cast<Series::Style>(*rc::gen::inRange(0, 4));
  series.x = *rc::gen::container<std::vector<double>>(numbers());
  series.y = *rc::gen::container<std::vector<double>>(series.x.size(), numbers());
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

inline Report random_report() {
  Report report;
  report.profile = *words();
  report.seed = *rc::gen::arbitrary<std::uint64_t>();
  report.command = *words();
  report.settings = {{*words(), *words()}};
  report.versions = {{*words(), *words()}};
  report.environment = {{*words(), *words()}};
  const int rows = *rc::gen::inRange(0, 4);
  for (int i = 0; i < rows; ++i) report.rows.push_back(random_row());
  report.figures = {random_figure()};
  return report;
}

}  // namespace alignproof::testing
