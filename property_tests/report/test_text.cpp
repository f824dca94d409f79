// SPDX-License-Identifier: Apache-2.0
// The report in a terminal.

#include <alignproof/report/writers.hpp>

#include "lines.hpp"
#include "records.hpp"

using namespace alignproof;
using alignproof::test::lines_of;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

std::size_t columns(const std::string& line) {
  std::size_t count = 0;
  for (const char c : line) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1u : 0u;
  return count;
}

void require_terminal_text(const std::string& text) {
  for (const std::string& line : lines_of(text)) {
    RC_ASSERT(columns(line) <= 80u);
    for (const char c : line) RC_ASSERT(static_cast<unsigned char>(c) >= 0x20);
  }
}

Report two_rows() {
  Report report;
  report.profile = "quick";
  report.seed = 7;
  report.command = "alignproof verify --profile quick --seed 7";
  ClaimRow good;
  good.text.id = "T1a";
  good.text.title = "The Gram matrix is well conditioned";
  good.verdict = Verdict::holds("0.9 at level 1e-8, 175 seeds");
  good.bound = 0.75;
  good.measured = 1e-10;
  good.measured_label = "$\\lambda_{\\min}(G(0))$";
  good.instances = 12;
  good.seeds = 12345678;
  good.results = {{"fine", Verdict::sampled("4 cases"), "alignproof simulate --fine"},
                  {"bad", Verdict::refuted("step 3"), "alignproof simulate --bad"}};
  ClaimRow silent;
  silent.text.id = "T2";
  silent.text.title = "Nothing to add";
  silent.verdict = Verdict::sampled("");
  report.rows = {good, silent};
  return report;
}

}  // namespace

TEST_CASE("no line is wider than 80 columns", "[report][text][property]") {
  check_property("reports", [] { require_terminal_text(to_text(testing::random_report())); });
  check_property("claims", [] { require_terminal_text(to_text(testing::random_claim_text())); });
}

TEST_CASE("the table has a row a claim and words where they are needed", "[report][text]") {
  const auto lines = lines_of(to_text(two_rows()));
  const std::string all = to_text(two_rows());
  CHECK_THAT(all, Contains("\nT1a       holds            0.75       1e-10          –      12"
                           "   1.2e7      16\n"));
  CHECK_THAT(all, Contains("\nT2        sampled             –           –          –       0"));
  CHECK_THAT(all, Contains("\nT1a  The Gram matrix is well conditioned\n"
                           "    holds (0.9 at level 1e-8, 175 seeds)\n"
                           "    measured: λₘᵢₙ(G(0))\n"));
  CHECK_THAT(all, Contains("    - bad: refuted (step 3)\n      alignproof simulate --bad\n"));
  CHECK_THAT(all, !Contains("--fine"));
  CHECK_THAT(all, !Contains("Nothing to add"));
}

TEST_CASE("premises stand with how often they held", "[report][text]") {
  Report report = two_rows();
  CHECK_THAT(to_text(report), !Contains("premises"));
  report.rows[0].premises = {{"$\\gamma > 0$", 2, 2}, {"$\\lambda = 0$", 1, 2}};
  CHECK_THAT(to_text(report), Contains("\n    premises: γ > 0: 2 of 2; λ = 0: 1 of 2\n"));
}

TEST_CASE("tests and rejections stand at the end, if there are any", "[report][text]") {
  Report report = two_rows();
  CHECK_THAT(to_text(report), !Contains("Statistical") && !Contains("Refused"));
  testing::add_evidence(report);
  report.tests[0].trials = 12345678;
  CHECK_THAT(to_text(report), EndsWith("\
\nStatistical tests\n\
claim     trials       alpha      power  what is tested; what it sees\n\
--------------------------------------------------------------------------------\n\
T1'        1.2e7       1e-08     0.9999  share of seeds with x < y; sees 0.67 or\n\
                                         less\n\
T2            60   2.346e-05        0.8  exponent of 50% & more; sees above −1/4\n\
Probability that this run says something false by chance: at most 2.347e-05\n\
\nRefused\n\
    2 of 3 planted errors and false claims caught, 1 NOT caught.\n\
  - planted error: sign of η -> ID, T1'\n\
  - false claim: T1' with rate γ -> T1'\n\
  - false claim: T3 for every λ -> NOT caught (a & b)\n"));
  Simulation s;
  s.title = "Rules", s.scale = "smoke", s.note = "compared", s.quantities = {"loss", "difference"};
  s.cells = {{{"FA", "0.1"}, 4, 0, {{"loss", 0.25, {}, ""}, {"", -1.5, std::pair{-2.0, 1.0}, ""}}}};
  report.simulations = {s};
  CHECK_THAT(to_text(report), EndsWith("\
\nSimulations (figures and intervals: see the page)\n\
    - Rules: scale smoke, 4 runs\n\
                                  loss                  minus backpropagation's\n\
      FA, 0.1                     0.25                  -1.5 [-2, 1]\n"));
  report.simulations.clear();
  report.rejections[2].detail.clear();
  CHECK_THAT(to_text(report), EndsWith("λ -> NOT caught\n"));
}

TEST_CASE("a broken command line can be pasted", "[report][text]") {
  Report report = two_rows();
  report.command = "alignproof verify";
  for (int i = 0; i < 30; ++i) report.command += " --claims T" + std::to_string(i);
  std::string pasted;
  for (const std::string& line : lines_of(to_text(report))) {
    if (line.empty()) break;
    if (line.rfind("    ", 0) != 0) continue;
    std::string part = line.substr(4);
    if (part.size() > 1 && part.substr(part.size() - 2) == " \\") part.pop_back();
    pasted += part;
  }
  CHECK(pasted == report.command);
}

TEST_CASE("many failing instances are counted, not listed", "[report][text]") {
  Report report = two_rows();
  report.rows[0].results.assign(100, {"bad", Verdict::refuted("step 3"), ""});
  CHECK_THAT(to_text(report), Contains("... and 92 more"));
}

TEST_CASE("the words of a claim stand under their headings", "[report][text]") {
  ClaimText claim{"T9",           "A title",    "Let $x \\ge 0$.", "a source",   {"a premise"},
                  "a conclusion", "a constant", "a method",        "a falsifier"};
  const std::string all = to_text(claim);
  std::size_t at = 0;
  for (const char* part :
       {"T9  A title\n", "\nStatement\n    Let x ≥ 0.\n", "\nPremises\n  - a premise\n",
        "\nConclusion\n    a conclusion\n", "\nConstants\n    a constant\n",
        "\nSource\n    a source\n", "\nHow it is checked\n    a method\n",
        "\nWhat would falsify it\n    a falsifier\n"}) {
    INFO(part);
    const std::size_t found = all.find(part, at == 0 ? 0 : at - 1);
    REQUIRE(found != std::string::npos);
    at = found + 1;
  }
  claim.constants.clear();
  CHECK_THAT(to_text(claim), !Contains("Constants"));
}
