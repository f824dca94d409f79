// SPDX-License-Identifier: Apache-2.0
// The report as one HTML page.
#include <set>

#include <alignproof/report/writers.hpp>

#include "markup.hpp"
#include "records.hpp"

using namespace alignproof;
using alignproof::testing::count;
using Catch::Matchers::Contains;
using testing::MarkupReader;

namespace {

Report report_with(const std::string& title) {
  Report report;
  report.profile = "quick";
  ClaimRow row;
  row.text.id = "T1'";
  row.text.title = title;
  row.verdict = Verdict::holds("0.9 at level 1e-8");
  row.bound = 0.5;
  row.measured = 0.25;
  row.ratio = 0.5;
  row.text.premises = {"$\\gamma > 0$"};
  row.premises = {{"$\\gamma > 0$", 3, 4}, {"another", 1, 1}};
  row.results = {{"one", Verdict::refuted("step 3"), "alignproof simulate --seed 3"}};
  report.rows = {row};
  return report;
}

}  // namespace

TEST_CASE("any report is a well-formed page", "[report][html][property]") {
  check_property("random reports", [] {
    const Report report = testing::random_report();
    std::set<std::string> ids;
    std::vector<std::string> targets;
    std::size_t scripts = 0;
    for (const auto& element : MarkupReader::elements_of(to_html(report))) {
      scripts += element.name == "script" ? 1u : 0u;
      const auto& attributes = element.attributes;
      if (attributes.count("id") != 0) RC_ASSERT(ids.insert(attributes.at("id")).second);
      if (attributes.count("href") != 0) targets.push_back(attributes.at("href"));
    }
    for (const std::string& target : targets) RC_ASSERT(ids.count(target.substr(1)) == 1u);
    RC_ASSERT(scripts == 4u);
  });
}

TEST_CASE("the reader of markup sees errors", "[report][html]") {
  for (const char* bad : {"<p>", "<p></b>", "</p>", "a & b", "a < b", "<p class=x></p>",
                          "<p a=\"1\" a=\"2\"></p>", "<p", "\x1b"})
    CHECK_THROWS_AS(MarkupReader::elements_of(bad), std::runtime_error);
  CHECK_NOTHROW(MarkupReader::elements_of("<p class=\"x\">a &amp; b<br/></p>"));
}

TEST_CASE("words are escaped", "[report][html]") {
  const std::string html = to_html(report_with("<script>&\"'"));
  CHECK_THAT(html, Contains("&lt;script&gt;&amp;&quot;&#39;"));
  CHECK_THAT(html, !Contains("<script>&"));
}

TEST_CASE("what is put into the page is not read as a template", "[report][html]") {
  const std::string html = to_html(report_with("{{style}} {{unknown}}"));
  CHECK_THAT(html, Contains("{{style}} {{unknown}}"));
}

TEST_CASE("the page needs nothing from elsewhere", "[report][html]") {
  Report report = report_with("title");
  report.figures = {
      {"f", "t", "c", "x", "y", false, false, {{"s", Series::Style::line, {1, 2}, {1, 2}}}}};
  const std::string html = to_html(report);
  for (const char* outside : {"http:", "https:", "src=", "@import", "url(", "<link"})
    CHECK_THAT(html, !Contains(outside));
}

TEST_CASE("the page shows what stands in the record", "[report][html]") {
  const std::string html = to_html(report_with("title"));
  CHECK_THAT(html, Contains("id=\"claim-T1-x27\"") && Contains("href=\"#claim-T1-x27\""));
  CHECK_THAT(html,
             Contains("held 3 of 4") && Contains("another <span class=\"count all\">held 1 of 1"));
  CHECK_THAT(html, Contains("<span>--seed</span> <span>3</span>"));
  CHECK_THAT(html, Contains("<b>1</b> <span class=\"badge holds\">"));
  CHECK_THAT(html, Contains("prefers-color-scheme: dark"));
  CHECK_THAT(html, !Contains("{{"));
}

TEST_CASE("tests and rejections have sections, if there are any", "[report][html]") {
  Report report = report_with("title");
  for (const char* part : {"Statistical tests", "id=\"tests\"", "\"#tests", "suite refuses",
                           "id=\"refused\"", "\"#refused", ">NOT caught<"})
    CHECK_THAT(to_html(report), !Contains(part));
  testing::add_evidence(report);
  const std::string html = to_html(report);
  CHECK_THAT(html, Contains("<th scope=\"row\"><a href=\"#claim-T1-x27\">T1&#39;</a></th>"
                            "<td>share of seeds with <math>"));
  CHECK_THAT(html, Contains("<th scope=\"row\">T2</th>"));
  CHECK_THAT(html, Contains("<td class=\"number\">175</td><td class=\"number\">10⁻⁸</td>"));
  CHECK_THAT(html, Contains("<td class=\"number\">0.9999</td></tr>"));
  CHECK_THAT(html, Contains("Probability that this run says something false by chance: at most "
                            "<b class=\"number\">2.347·10⁻⁵</b>"));
  CHECK_THAT(html, Contains("<a href=\"#tests\">") && Contains("<a href=\"#refused\">"));
  CHECK_THAT(html, Contains("2 of 3 planted errors and false claims caught, 1 NOT caught."));
}

TEST_CASE("the matrix of rejections says in words what is caught", "[report][html]") {
  Report report = report_with("title");
  testing::add_evidence(report);
  const std::string html = to_html(report);
  // T1' has a row of the table, so it comes first.
  CHECK_THAT(html, Contains("#claim-T1-x27\">T1&#39;</a></th><th scope=\"col\" class=\"mark\">ID"
                            "</th></tr>"));
  const std::string mark =
      "<td class=\"mark caught\"><span aria-hidden=\"true\">✓</span>"
      "<span class=\"spoken\">caught</span></td>";
  CHECK_THAT(html, Contains("</th>" + mark + mark + "</tr>"));
  CHECK_THAT(html, Contains("0 of 175 seeds</span></th>" + mark + "<td class=\"mark\"></td></tr>"));
  CHECK_THAT(html,
             Contains("a &amp; b</span></th><td colspan=\"2\"><span class=\"badge survivor\">"));
  // Once in its row, once at the head of the page.
  CHECK(count(html, "</span>NOT caught</span>") == 2);
  CHECK_THAT(html, Contains("<b>1</b> of 3 falsehoods <span class=\"badge survivor\">"));
  report.rows.push_back(report.rows[0]);
  CHECK(count(to_html(report), "class=\"mark\">") == count(html, "class=\"mark\">"));
  CHECK(html.find("Planted errors") < html.find("False claims"));
  for (Rejection& rejection : report.rejections) rejection.caught_by.clear();
  CHECK_THAT(to_html(report), Contains("caught by</th></tr>") && Contains("<td colspan=\"1\">"));
}

TEST_CASE("every row of the matrix is as wide as its head", "[report][html][property]") {
  check_property("random reports", [] {
    const Report report = testing::random_report();
    std::vector<std::size_t> widths;
    std::size_t marks = 0;
    bool inside = false;
    for (const auto& [name, attributes] : MarkupReader::elements_of(to_html(report))) {
      const auto value = [&, &all = attributes](const char* key, const char* otherwise) {
        return all.count(key) != 0 ? all.at(key) : otherwise;
      };
      if (name == "table" || name == "section") inside = value("class", "") == "matrix";
      if (!inside) continue;
      if (name == "tr") widths.push_back(0);
      if (name == "th" || name == "td") widths.back() += std::stoul(value("colspan", "1"));
      marks += value("class", "") == "mark caught" ? 1u : 0u;
    }
    std::size_t caught = 0;
    for (const Rejection& rejection : report.rejections)
      caught += std::set(rejection.caught_by.begin(), rejection.caught_by.end()).size();
    RC_ASSERT(marks == caught);
    for (const std::size_t width : widths) RC_ASSERT(width == widths.front());
    RC_ASSERT(widths.empty() == report.rejections.empty());
  });
}

TEST_CASE("two rows with one id have sections of their own", "[report][html]") {
  Report report = report_with("title");
  report.rows.push_back(report.rows[0]);
  const std::string html = to_html(report);
  for (const char* anchor : {"claim-T1-x27", "claim-T1-x27-again"}) {
    CHECK(count(html, "id=\"" + std::string(anchor) + "\"") == 1);
    CHECK(count(html, "href=\"#" + std::string(anchor) + "\"") == 1);
  }
}

TEST_CASE("the bar of the ratio is two thirds full at one", "[report][html]") {
  Report report = report_with("title");
  const auto bar = [&](double ratio) {
    report.rows[0].ratio = ratio;
    return to_html(report);
  };
  CHECK_THAT(bar(1), Contains("class=\"ratio within\"") && Contains("width=\"48.0\""));
  CHECK_THAT(bar(0.5), Contains("width=\"24.0\""));
  CHECK_THAT(bar(1.01), Contains("class=\"ratio beyond\""));
  CHECK_THAT(bar(1e9), Contains("class=\"filled\" x=\"0\" y=\"4\" width=\"72.0\""));
  CHECK_THAT(bar(std::numeric_limits<double>::quiet_NaN()), !Contains("class=\"ratio "));
}

TEST_CASE("the same record gives the same page", "[report][html][property]") {
  check_property("byte for byte", [] {
    const Report report = testing::random_report();
    RC_ASSERT(to_html(report) == to_html(report));
  });
}

TEST_CASE("simulations have a section, if there are any", "[report][html]") {
  Report report = report_with("title");
  CHECK_THAT(to_html(report), !Contains("id=\"simulations\""));
  Simulation s;
  s.title = "Rules", s.scale = "smoke", s.command = "alignproof sweep rules";
  s.keys = {"rule"}, s.quantities = {"loss"};
  s.cells = {{{"FA"}, 4, 1, {{"loss", 0.25, std::pair{0.125, 0.5}, ""}}}};
  report.simulations = {s};
  const std::string html = to_html(report);
  CHECK_THAT(html, Contains("href=\"#simulations\"") && Contains("id=\"simulations\""));
  CHECK_THAT(html, Contains("<td>FA</td>") && Contains("1 diverged") &&
                       Contains("0.25<span class=\"under\">[0.125, 0.5]</span>"));
  CHECK_THAT(html, !Contains("All 1 cells"));
  CHECK(html.find("<style>") == html.rfind("<style>"));
  CHECK_THAT(html, !Contains("http:"));
  for (int i = 0; i < 20; ++i) report.simulations[0].cells.push_back(s.cells[0]);
  CHECK_THAT(to_html(report), Contains("All 21 cells"));
}
