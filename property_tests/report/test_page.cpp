// SPDX-License-Identifier: Apache-2.0
// A page with everything that a report may hold, without a browser: what stands in it, and that its
// parts fit. With ALIGNPROOF_WRITE_PAGE the page is written there, for report/browser/run.
#include <cstdlib>
#include <limits>
#include <map>
#include <set>

#include <alignproof/format/files.hpp>
#include <alignproof/report/writers.hpp>

#include "markup.hpp"
#include "records.hpp"

using namespace alignproof;
using alignproof::testing::count;
using Catch::Matchers::Contains;
using testing::Element;
using testing::MarkupReader;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

ClaimRow row_named(const std::string& id, const Verdict& verdict, std::optional<double> ratio) {
  ClaimRow row;
  row.text.id = id;
  row.text.title = "Title of " + id;
  row.text.statement = "The error decays: $|e(t)| \\le e^{-t}$";
  row.verdict = verdict;
  row.bound = 1, row.ratio = ratio, row.measured = ratio;
  row.bound_label = "$\\gamma/4$", row.measured_label = "measured rate";
  row.instances = 2, row.seeds = 12;
  return row;
}

/// Lines, points, bars, a gap, a name twice, and words that are markup.
Figure figure_with_everything() {
  Figure figure;
  figure.id = "all";
  figure.title = "Error <script>pwned = 1</script> against width";
  figure.caption = "Made up.";
  figure.x_label = "width $p$", figure.y_label = "error";
  figure.log_x = true;
  figure.series = {{"bound", Series::Style::dashed, {100, 1000, 10000}, {0.5, 0.5, 0.5}},
                   {"mean", Series::Style::line_and_points, {100, 1000, 10000}, {0.4, 0.125, 0.04}},
                   {"runs <b>",
                    Series::Style::points,
                    {100, 1000, 10000},
                    {0.35, not_a_number, 0.03},
                    {0.3, 0, 0.02},
                    {0.4, 0, 0.04}},
                   {"mean", Series::Style::line, {200, 2000}, {0.3, 0.1}}};
  return figure;
}

Simulation simulation_named(const std::string& id, const std::string& scale) {
  Simulation s;
  s.id = id, s.title = "Runs of " + id, s.scale = scale;
  s.command = "alignproof sweep " + id + "\nalignproof show " + id + ".sqlite";
  s.keys = {"penalty", "width"}, s.quantities = {"cosine"};
  s.cells = {{{"0.2", "400"}, 50, 0, {{"cosine", 0.25, std::pair{0.2, 0.3}, ""}}}};
  Figure figure = figure_with_everything();
  figure.id = id, figure.title = "Figure of " + id;
  s.figures = {figure};
  return s;
}

/// Ten claims: ratios are neither in the order of the table nor in that of their digits.
Report report_with_everything() {
  Report report;
  report.profile = "quick", report.seed = 1;
  report.command = "alignproof verify --profile quick --seed 1 --claims 'T1,<script>'";
  report.rows = {
      row_named("T1", Verdict::holds("0.9 at level 1e-8"), 0.5),
      row_named("T2", Verdict::refuted("step 3"), 11.0),
      row_named("T10", Verdict::undecided("too few runs"), std::nullopt),
      row_named("ID", Verdict::exact("8 of 8"), 2e-12),
      row_named("T3", Verdict::holds("0.9 at level 1e-8"), 0.07),
      row_named("EX", Verdict::sampled("no level"), 3.0),
      row_named("NEG", Verdict::sampled("no level"), -4.0),
      row_named("NAN", Verdict::invalid("no input"), not_a_number),
      row_named("INF", Verdict::undecided("no rate"), std::numeric_limits<double>::infinity()),
      row_named("<script>pwned = 2</script>", Verdict::holds("\"><b>"), 0.5)};
  report.rows.back().text.statement = "</p></section><script>pwned = 3</script>";
  report.rows[0].results = {
      {"erf", Verdict::undecided("made up"), "alignproof certify --n 3 --out erf",
       "certificates/erf"},
      {"width", Verdict::undecided("made up"), "", "certificates/width-tanh"},
      {"no certificate", Verdict::holds("runs"), "alignproof simulate --seed 3"}};
  report.rows[1].results = {{"erf", Verdict::undecided("made up"),
                             "alignproof certify --n 3 --out erf", "certificates/erf"}};
  report.figures = {figure_with_everything()};
  report.simulations = {simulation_named("rules", "smoke")};
  report.shipped = {simulation_named("alignment-tanh", "full")};
  testing::add_evidence(report);
  return report;
}

std::string page() {
  const std::string html = to_html(report_with_everything());
  if (const char* file = std::getenv("ALIGNPROOF_WRITE_PAGE")) write_file(file, html);
  return html;
}

std::vector<Element> elements_with_class(const std::string& html, const std::string& name) {
  std::vector<Element> found;
  for (const Element& element : MarkupReader::elements_of(html)) {
    const auto at = element.attributes.find("class");
    if (at != element.attributes.end() && at->second == name) found.push_back(element);
  }
  return found;
}

}  // namespace

TEST_CASE("every point of a figure has a title with its values", "[report][page]") {
  Report report;
  report.figures = {figure_with_everything()};
  const std::string html = to_html(report);
  std::multiset<std::string> titles;
  constexpr std::string_view point = "<circle class=\"point\"", begin = "<title>";
  for (std::size_t at = html.find(point); at != std::string::npos; at = html.find(point, at + 1)) {
    const std::size_t end_of_tag = html.find('>', at) + 1;
    REQUIRE(html.compare(end_of_tag, begin.size(), begin) == 0);
    const std::size_t words = end_of_tag + begin.size();
    titles.insert(html.substr(words, html.find("</title>", words) - words));
  }
  CHECK(titles == std::multiset<std::string>{"bound\nx = 100\ny = 0.5", "bound\nx = 1000\ny = 0.5",
                                             "bound\nx = 10000\ny = 0.5", "mean\nx = 100\ny = 0.4",
                                             "mean\nx = 1000\ny = 0.125",
                                             "mean\nx = 10000\ny = 0.04",
                                             "runs &lt;b&gt;\nx = 100\ny = 0.35 in [0.3, 0.4]",
                                             "runs &lt;b&gt;\nx = 10000\ny = 0.03 in [0.02, 0.04]",
                                             "mean\nx = 200\ny = 0.3", "mean\nx = 2000\ny = 0.1"});
}

TEST_CASE("a disk lies over every marker of a point that is drawn", "[report][page][property]") {
  check_property("random figures", [] {
    Figure figure = testing::random_figure();
    for (Series& series : figure.series) series.style = Series::Style::points;
    Report report;
    report.figures = {figure};
    std::multiset<std::string> markers, disks;
    for (const auto& [name, all] : MarkupReader::elements_of(to_html(report))) {
      const auto of = all.find("class");
      if (of == all.end()) continue;
      if (of->second == "marker") markers.insert(all.at("transform"));
      if (of->second == "point")
        disks.insert("translate(" + all.at("cx") + " " + all.at("cy") + ")");
    }
    for (const std::string& disk : disks) RC_ASSERT(markers.count(disk) >= disks.count(disk));
    // What has a marker and no disk stands in the legend, a line of which each name has.
    std::set<std::string> names;
    for (const Series& series : figure.series) names.insert(series.name);
    RC_ASSERT(markers.size() - disks.size() <= names.size());
  });
}

TEST_CASE("every certificate is listed once, linked, and has the command that checks it",
          "[report][page]") {
  const std::string html = page();
  for (const char* folder : {"certificates/erf", "certificates/width-tanh"}) {
    const std::string link = "href=\"" + std::string(folder) + "/\"";
    CHECK_THAT(html, Contains(link) &&
                         Contains("<span>alignproof-check</span> <span>" + std::string(folder)));
  }
  // Two rows have the first: a link in each and one in the list.
  CHECK(count(html, "href=\"certificates/erf/\"") == 3);
  CHECK(count(html, "href=\"certificates/width-tanh/\"") == 2);
  CHECK(count(html, "<span>alignproof-check</span>") == 2);
  CHECK_THAT(html,
             Contains("<td><a href=\"#claim-T1\">T1</a>, <a href=\"#claim-T2\">T2</a></td>") &&
                 Contains("href=\"#certificates\""));
  Report none = report_with_everything();
  for (ClaimRow& row : none.rows) row.results.clear();
  CHECK_THAT(to_html(none), !Contains("id=\"certificates\"") && !Contains("\"#certificates\""));
}

TEST_CASE("the folder of a certificate is no other kind of address", "[report][page]") {
  Report report = report_with_everything();
  report.rows[0].results[0].certificate = "javascript:alert(1)//\"><script>";
  const std::string html = to_html(report);
  CHECK_THAT(html, Contains("href=\"javascript%3Aalert%281%29//%22%3E%3Cscript%3E/\""));
  CHECK_THAT(html, Contains("&#39;javascript:alert(1)//&quot;&gt;&lt;script&gt;&#39;"));
}

TEST_CASE("figures have links that enlarge them and back", "[report][page]") {
  const std::string html = page();
  std::set<std::string> ids;
  for (const auto& [name, attributes] : MarkupReader::elements_of(html))
    if (attributes.count("id") != 0) ids.insert(attributes.at("id"));
  const std::vector<Element> enlarge = elements_with_class(html, "enlarge"),
                             shrink = elements_with_class(html, "shrink");
  CHECK(enlarge.size() == count(html, "<figure "));
  CHECK(shrink.size() == enlarge.size());
  for (const std::vector<Element>* links : {&enlarge, &shrink})
    for (const Element& link : *links) CHECK(ids.count(link.attributes.at("href").substr(1)) == 1);
}

TEST_CASE("what a page sorts by is the number itself", "[report][page]") {
  std::vector<std::string> ratios, verdicts;
  for (const auto& [name, all] : MarkupReader::elements_of(page())) {
    if (all.count("data-label") == 0) continue;
    if (all.at("data-label") == "ratio") ratios.push_back(all.at("data-sort"));
    if (all.at("data-label") == "verdict") verdicts.push_back(all.at("data-sort"));
  }
  CHECK(ratios == std::vector<std::string>{"0.5", "11", "", "2e-12", "0.07", "3", "-4", "",
                                           "Infinity", "0.5"});
  CHECK(verdicts == std::vector<std::string>{"2", "5", "4", "1", "2", "3", "3", "6", "4", "2"});
}

TEST_CASE("shipped tables come first and are marked, runs at scale smoke are folded away",
          "[report][page]") {
  const std::string html = page();
  CHECK_THAT(html,
             Contains("not computed for this report") && Contains("<details class=\"smoke\">"));
  CHECK(html.find("Runs of alignment-tanh") < html.find("Runs of rules"));
  CHECK(html.find("<details class=\"smoke\">") < html.find("Runs of rules"));
  // A command a line.
  CHECK_THAT(html, Contains("<p class=\"command\"><code class=\"line\"><span>alignproof</span> "
                            "<span>show</span> <span>rules.sqlite</span></code></p>"));
  Report report = report_with_everything();
  report.simulations[0].scale = "small";
  CHECK_THAT(to_html(report), !Contains("<details class=\"smoke\">"));
  report.simulations[0].scale = "smoke", report.shipped.clear();
  CHECK_THAT(to_html(report), !Contains("<details class=\"smoke\">"));
  report.simulations.clear();
  CHECK_THAT(to_html(report), !Contains("id=\"simulations\"") && !Contains("#simulations"));
}

TEST_CASE("the only scripts of a page are its own", "[report][page]") {
  const std::string html = page();
  CHECK(count(html, "<script") == 4);
  CHECK_THAT(html, Contains("script-src 'unsafe-inline'") && Contains("default-src 'none'"));
  CHECK_THAT(html, !Contains("{{") && !Contains("http:") && !Contains("https:") &&
                       !Contains("src=") && !Contains("url(") && !Contains("@import"));
  Report shown;
  shown.simulations = {simulation_named("rules", "full")};
  CHECK(count(simulations_to_html(shown), "<script") == 4);
}
