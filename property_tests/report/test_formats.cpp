// SPDX-License-Identifier: Apache-2.0
// The table of formats, which the command and the folder of a report follow.
#include <alignproof/report/formats.hpp>

#include <set>

#include <nlohmann/json.hpp>

#include <alignproof/core/error.hpp>
#include <alignproof/report/writers.hpp>

#include "records.hpp"

using namespace alignproof;
using Catch::Matchers::Contains;

TEST_CASE("the table of formats has a row each, found by its name", "[report][formats]") {
  std::set<std::string_view> names, files;
  for (const ReportFormat& format : report_formats()) {
    INFO(format.name);
    CHECK(names.insert(format.name).second);
    if (!format.file.empty()) CHECK(files.insert(format.file).second);
    CHECK(report_format(format.name).write == format.write);
  }
  for (const char* name : {"html", "json", "junit", "markdown", "tex", "text"})
    CHECK(names.count(name) == 1);
  for (const char* file :
       {"report.html", "report.json", "report.junit.xml", "report.md", "report.tex"})
    CHECK(files.count(file) == 1);
  std::string words;
  for (std::string_view name : names) words += (words.empty() ? "" : ", ") + std::string(name);
  CHECK_THROWS_WITH(report_format("xml"), "format = 'xml' is not accepted: give one of " + words);
}

TEST_CASE("a report's folder has the file of each format and every figure", "[report][formats]") {
  Report report;
  report.profile = "quick";
  report.figures = {{"one", "", "", "", "", false, false, {}}};
  Simulation simulation;
  simulation.figures = {{"two", "", "", "", "", false, false, {}}};
  report.simulations = {simulation};
  const auto files = report_files(report);
  CHECK(files.size() == report_formats().size() - 1 + 2);
  CHECK(files.at("report.json") == to_json(report));
  CHECK(files.at("report.html") == to_html(report));
  CHECK(files.at("report.tex") == to_tex(report));
  CHECK(files.at("report.junit.xml") == to_junit(report));
  CHECK(files.at("one.svg") == to_svg_file(report.figures[0]));
  CHECK(files.contains("two.svg"));
}

TEST_CASE("a formula is set, or kept, in every format wherever prose may stand",
          "[report][formats]") {
  const std::string formula = "$\\eta \\to 2$";
  Report report;
  report.profile = "quick", report.command = "alignproof verify";
  ClaimRow row;
  row.text = {"law9", "title " + formula, formula, formula, {formula}, formula, formula, formula,
              formula};
  row.verdict = Verdict::refuted("detail " + formula);
  row.bound_label = row.measured_label = row.ratio_label = formula;
  row.bound = row.measured = row.ratio = 1;
  row.premises = {{formula, 1, 1}, {"other " + formula, 1, 1}};
  row.measurements = {{formula, 1, std::nullopt, formula}};
  row.results = {{"name " + formula, Verdict::refuted("why " + formula), "alignproof simulate",
                  "certificates/erf", "00"}};
  report.rows = {row};
  report.tests = {{"law9", formula, 1, 0.1, formula, 1}};
  report.rejections = {{Rejection::Kind::false_claim, formula, {"law9"}, formula},
                       {Rejection::Kind::false_claim, formula, {}, formula}};
  report.figures = {{"one",
                     formula,
                     formula,
                     formula,
                     formula,
                     false,
                     false,
                     {{formula, Series::Style::line, {1}, {2}, {}, {}, formula}}}};
  report.simulations = {{"two",
                         formula,
                         "smoke",
                         "alignproof sweep",
                         formula,
                         {formula},
                         {formula},
                         {{{formula}, 1, 0, {{formula, 1, std::nullopt, formula}}}},
                         {}}};
  const auto written = [&](std::string_view name) { return report_format(name).write(report); };
  for (const char* name : {"text", "markdown", "junit"}) {
    const std::string text = written(name);
    INFO(name << "\n" << text);
    CHECK(text.find('$') == std::string::npos);
    CHECK(text.find('\\') == std::string::npos);
    CHECK_THAT(text, Contains("detail η → 2") && Contains("name η → 2") && Contains("why η → 2"));
  }
  const std::string html = written("html");
  CHECK_THAT(html, !Contains("\\eta") && Contains("detail <math") && Contains("name <math") &&
                       Contains("why <math") && Contains("<title>η → 2\nη → 2\ny = 2</title>"));
  const std::string tex = written("tex");
  CHECK_THAT(tex, !Contains("textbackslash") && !Contains("\\$") && Contains("detail " + formula) &&
                      Contains("name " + formula) && Contains("why " + formula));
  const auto json = nlohmann::json::parse(written("json"));
  CHECK(json["claims"][0]["verdict"]["detail"] == "detail " + formula);
  CHECK(json["claims"][0]["results"][0]["name"] == "name " + formula);
  CHECK(json["figures"][0]["series"][0]["at"] == formula);
  CHECK(json["claims"][0]["results"][0]["certificate"] ==
        nlohmann::json{{"folder", "certificates/erf"}, {"sha256", "00"}});
  // What a file or an error is called is no formula, and is shown as it stands.
  report.rows[0].verdict = Verdict::refuted("in /data/5$ \\x");
  report.rows[0].results[0].name = "from 3$";
  CHECK_THAT(written("text"), Contains("in /data/5$ \\x") && Contains("from 3$: refuted"));
  CHECK_THAT(written("junit"), Contains("in /data/5$ \\x") && Contains("from 3$"));
  CHECK_THAT(written("html"), Contains("in /data/5$ \\x") && Contains("from 3$"));
  CHECK_THAT(written("markdown"), Contains("in /data/5<span>$</span> \\\\x"));
  CHECK_THAT(written("tex"), Contains("in /data/5\\$"));
}
