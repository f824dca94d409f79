// SPDX-License-Identifier: Apache-2.0
// The table of formats, which the command and the folder of a report follow.
#include <alignproof/report/formats.hpp>

#include <set>

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
  CHECK_THROWS_WITH(report_format("xml"),
                    "format = 'xml' is not accepted: give one of " + words);
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
