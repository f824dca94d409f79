// SPDX-License-Identifier: Apache-2.0
// The report as LaTeX.
#include <alignproof/report/writers.hpp>

#include "markup.hpp"
#include "records.hpp"

using namespace alignproof;
using alignproof::testing::count;
using Catch::Matchers::Contains;

namespace {

/// What pdflatex trips over: braces that do not match, and characters it cannot print.
std::string complaint(const std::string& tex) {
  int depth = 0;
  bool mathematics = false;
  for (std::size_t i = 0; i < tex.size(); ++i) {
    const char c = tex[i];
    if (c == '\\') {
      ++i;
      const std::size_t next = tex.find_first_not_of(" \n", i + 1);
      if (tex[i] == '\\' && next != std::string::npos && (tex[next] == '[' || tex[next] == '*'))
        return "the end of a row takes the next cell for an option";
      continue;
    }
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (depth < 0) return "a brace closes nothing";
    if (c == '$') mathematics = !mathematics;
    if (c == '#' && tex.substr(i, 2) != "#1") return "a bare #";
    if (c == '_' && !mathematics && tex.substr(i - 1, 2) != "{_") return "a bare _";
    if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return "a control character";
    // Two bytes starting with C3, C4 or C5: Latin letters. All else needs a command.
    const auto lead = static_cast<unsigned char>(c);
    if (lead >= 0xC6) return "a character that pdflatex does not know";
  }
  return depth != 0 ? "a brace is not closed" : mathematics ? "a formula is not closed" : "";
}

Report small_report() {
  Report report;
  report.profile = "quick";
  ClaimRow row;
  row.text.id = "T1'";
  row.text.title = "Decay of $|e(t)|$";
  row.verdict = Verdict::holds("0.9 at 50%");
  row.measured = -1.5e-10;
  row.text.premises = {"$\\gamma > 0$"};
  row.premises = {{"$\\gamma > 0$", 3, 4}};
  report.rows = {row};
  return report;
}

}  // namespace

TEST_CASE("any report is LaTeX that can be read", "[report][tex][property]") {
  check_property("random reports", [] {
    const std::string tex = to_tex(testing::random_report());
    const std::string wrong = complaint(tex);
    if (!wrong.empty()) RC_FAIL(wrong);
    RC_ASSERT(count(tex, "\\begin{") == count(tex, "\\end{"));
    RC_ASSERT(tex.substr(tex.size() - 15) == "\\end{document}\n");
  });
}

TEST_CASE("the check above sees errors", "[report][tex]") {
  for (const char* bad : {"{", "}", "a_b", "#", "$x", "≤", "\x1b", "a\\\\\n[b", "\\\\*"})
    CHECK(complaint(bad) != "");
  CHECK(complaint("\\{ \\_ $x_1$ größe \\ensuremath{_{1}}") == "");
}

TEST_CASE("tests and rejections have tables", "[report][tex]") {
  Report report = small_report();
  CHECK_THAT(to_tex(report), !Contains("Statistical") && !Contains("refuses"));
  testing::add_evidence(report);
  const std::string tex = to_tex(report);
  CHECK_THAT(tex, Contains("T1' & share of seeds with $x < y$ & 175 & $1 \\cdot 10^{-8}$ & "
                           "$0.67$ or less & $0.9999$\\\\\n"));
  CHECK_THAT(tex, Contains("T2 & exponent of 50\\% \\& more & 60 & $2.346 \\cdot 10^{-5}$"));
  CHECK_THAT(tex, Contains("says something false by chance: at most $2.347 \\cdot 10^{-5}$.\n"));
  CHECK_THAT(tex, Contains("planted error & sign of $\\eta$ & ID, T1' & residual $10^{-3}$\\\\\n"));
  CHECK_THAT(tex, Contains("false claim & T3 for every $\\lambda$ & \\textbf{NOT caught} & "
                           "a \\& b\\\\\n"));
  CHECK_THAT(tex, Contains("2 of 3 planted errors and false claims caught, 1 NOT caught."));
}

TEST_CASE("a row may begin with what a row end could take for its option", "[report][tex]") {
  Report report = small_report();
  for (const char* id : {"[x]", "*", "雪"}) {
    report.rows.push_back(report.rows[0]);
    report.rows.back().text.id = id;
  }
  CHECK(complaint(to_tex(report)) == "");
}

TEST_CASE("the document holds the table and the words", "[report][tex]") {
  const std::string tex = to_tex(small_report());
  CHECK_THAT(tex, Contains("T1' & holds & -- & $-1.5 \\cdot 10^{-10}$ & -- & 0 & 0 & 16\\\\"));
  CHECK_THAT(tex, Contains("Decay of $|e(t)|$"));
  CHECK_THAT(tex, Contains("holds (0.9 at 50\\%)"));
  CHECK_THAT(tex, Contains("\\item $\\gamma > 0$ (held 3 of 4)"));
  for (const char* package : {"amsmath", "booktabs", "longtable"})
    CHECK_THAT(tex, Contains(package));
}
