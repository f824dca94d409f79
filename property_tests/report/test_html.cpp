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

TEST_CASE("any report is a well-formed page", "[report][html]") {
  rc::prop("random reports", [] {
    const Report report = testing::random_report();
    std::set<std::string> ids;
    std::vector<std::string> targets;
    for (const auto& element : MarkupReader::elements_of(to_html(report))) {
      RC_ASSERT(element.name != "script");
      const auto& attributes = element.attributes;
      if (attributes.count("id") != 0) RC_ASSERT(ids.insert(attributes.at("id")).second);
      if (attributes.count("href") != 0) targets.push_back(attributes.at("href"));
    }
    for (const std::string& target : targets) RC_ASSERT(ids.count(target.substr(1)) == 1u);
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
  CHECK_THAT(html, !Contains("<script"));
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
  for (const char* outside : {"http:", "https:", "src=", "@import", "url(", "<link", "<script"})
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

TEST_CASE("the same record gives the same page", "[report][html]") {
  rc::prop("byte for byte", [] {
    const Report report = testing::random_report();
    RC_ASSERT(to_html(report) == to_html(report));
  });
}
