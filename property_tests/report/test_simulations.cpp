// SPDX-License-Identifier: Apache-2.0
// Simulations by themselves: the table in a terminal and the page.
#include <sstream>

#include <alignproof/report/writers.hpp>

#include "markup.hpp"
#include "records.hpp"

using namespace alignproof;
using Catch::Matchers::Contains;

namespace {

std::size_t columns_of(const std::string& line) {
  std::size_t count = 0;
  for (const char c : line) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1u : 0u;
  return count;
}

Simulation two_cells() {
  Simulation s;
  s.id = "rules", s.title = "Three rules", s.scale = "smoke", s.note = "1 of 5 runs is missing.";
  s.command = "alignproof show rules.sqlite";
  s.keys = {"rule", "penalty"};
  s.quantities = {"loss $|e|^2/n$", "$\\cos(b, \\beta)$"};
  s.cells = {{{"FA", "0.1"},
              3,
              0,
              {{"", 1.5e-7, std::pair{1.0e-7, 2.0e-7}, ""}, {"", 0.5, std::pair{0.4, 0.6}, ""}}},
             {{"backpropagation", "0"}, 1, 0, {{"", 0.25, {}, ""}, {"", std::nan(""), {}, ""}}}};
  return s;
}

}  // namespace

TEST_CASE("the table of a simulation has a line a cell", "[report][text]") {
  CHECK(to_text(two_cells()) ==
        "Three rules: rules, scale smoke, 4 runs; means at the end ± half of their\nintervals\n"
        "1 of 5 runs is missing.\n\n"
        "rule             penalty  runs      loss |e|²/n  cos(b, β)\n"
        "--------------------------------------------------------------------------------\n"
        "FA               0.1      3     1.5e-07 ± 5e-08  0.5 ± 0.1\n"
        "backpropagation  0        1                0.25          –\n");
  Simulation diverged = two_cells();
  diverged.cells[0].diverged = 2;
  CHECK_THAT(to_text(diverged), Contains("runs  diverged") && Contains("3     2   "));
}

TEST_CASE("quantities that do not fit stand below, with the cells again", "[report][text]") {
  Simulation s = two_cells();
  for (const char* more : {"cosine of signals", "a quantity whose name is longer than a column"}) {
    s.quantities.emplace_back(more);
    for (SimulationCell& cell : s.cells)
      cell.values.push_back({"", 0.123456, std::pair{0.1, 0.2}, ""});
  }
  const std::string text = to_text(s);
  CHECK(text.find("backpropagation") != text.rfind("backpropagation"));
  CHECK_THAT(text, Contains("cosine of signals") && Contains("a quantity whose\n"));
}

TEST_CASE("no table of a simulation is wider than 80 columns", "[report][text][property]") {
  check_property("random simulations", [] {
    const std::string text = to_text(alignproof::testing::random_simulation());
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
      RC_ASSERT(columns_of(line) <= 80u);
      for (const char c : line) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20);
    }
  });
}

TEST_CASE("the page of simulations is well-formed and needs nothing else",
          "[report][html][property]") {
  check_property("random reports", [] {
    const std::string page = simulations_to_html(alignproof::testing::random_report());
    for (const auto& element : testing::MarkupReader::elements_of(page))
      RC_ASSERT((element.name != "link" && element.attributes.count("src") == 0u));
  });
}

TEST_CASE("the page of simulations shows them, their command and their stores", "[report][html]") {
  Report report;
  report.command = "alignproof show rules.sqlite";
  report.simulations = {two_cells()};
  report.settings = {{"rules.sqlite", "4 of 5 runs & more"}};
  const std::string page = simulations_to_html(report);
  CHECK_THAT(page, Contains("<title>alignproof: rules</title>") && Contains("Three rules</h3>") &&
                       Contains("1 of 5 runs is missing.") &&
                       Contains("<dt>rules.sqlite</dt><dd>4 of 5 runs &amp; more</dd>") &&
                       Contains("prefers-color-scheme: dark"));
  // Nothing of claims and verdicts.
  CHECK_THAT(page, !Contains("id=\"claims\"") && !Contains("{{"));
}
