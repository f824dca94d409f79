// SPDX-License-Identifier: Apache-2.0
// The sections of the HTML page about what the table rests on: statistical tests and rejections.
#include <algorithm>

#include <fmt/format.h>

#include <alignproof/report/math.hpp>

#include "evidence.hpp"
#include "html_parts.hpp"
#include "words.hpp"

namespace alignproof::inline report::detail {
namespace {

using Ids = std::vector<std::string>;

bool contains(const Ids& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

/// The id, as a link where the page has a section about it.
std::string link_to(const std::string& id, const std::vector<ClaimRow>& rows, const Ids& anchors) {
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const ClaimRow& r) { return r.text.id == id; });
  if (row == rows.end()) return escape_html(id);
  return fmt::format(R"(<a href="#{}">{}</a>)",
                     anchors[static_cast<std::size_t>(row - rows.begin())], escape_html(id));
}

std::string under(const std::string& markup) {
  return markup.empty() ? "" : fmt::format(R"(<span class="under">{}</span>)", markup);
}

/// The ids that catch something: in the order of the table, then those without a row.
Ids catchers(const Report& report) {
  Ids catching, ordered;
  for (const Rejection& rejection : report.rejections)
    catching.insert(catching.end(), rejection.caught_by.begin(), rejection.caught_by.end());
  const auto add = [&](const std::string& id) {
    if (contains(catching, id) && !contains(ordered, id)) ordered.push_back(id);
  };
  for (const ClaimRow& row : report.rows) add(row.text.id);
  for (const std::string& id : catching) add(id);
  return ordered;
}

constexpr const char* caught =
    R"(<td class="mark caught"><span aria-hidden="true">✓</span><span class="spoken">caught</span></td>)";

/// `columns` is at least 1: a survivor says so in all of them.
std::string matrix_row(const Rejection& rejection, const Ids& ids, std::size_t columns) {
  const bool survived = rejection.caught_by.empty();
  std::string out =
      fmt::format(R"(<tr{}><th scope="row">{}{}</th>)", survived ? R"( class="survivor")" : "",
                  prose_to_html(rejection.name), under(prose_to_html(rejection.detail)));
  if (survived)
    out += fmt::format(R"(<td colspan="{}">{}</td>)", columns, survivor_badge());
  else
    for (const std::string& id : ids)
      out += contains(rejection.caught_by, id) ? caught : R"(<td class="mark"></td>)";
  return out + "</tr>\n";
}

std::string matrix_group(const Report& report, Rejection::Kind kind, const char* heading,
                         const Ids& ids, std::size_t columns) {
  std::string rows;
  for (const Rejection& rejection : report.rejections)
    if (rejection.kind == kind) rows += matrix_row(rejection, ids, columns);
  if (rows.empty()) return "";
  return fmt::format(
      "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\">{}</th><td colspan=\"{}\"></td></tr>\n"
      "{}</tbody>\n",
      heading, columns, rows);
}

}  // namespace

std::string survivor_badge() {
  return R"(<span class="badge survivor"><span class="sign" aria-hidden="true">✗</span>NOT caught</span>)";
}

std::string tests_section(const Report& report, const Ids& anchors) {
  if (report.tests.empty()) return "";
  std::string rows;
  for (const StatisticalTest& t : report.tests)
    rows += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td class=\"number\">{}</td>"
        "<td class=\"number\">{}</td><td>{}</td><td class=\"number\">{}</td></tr>\n",
        link_to(t.claim, report.rows, anchors), prose_to_html(t.what), t.trials,
        typeset_number(rounded_up(t.alpha)), prose_to_html(t.alternative),
        typeset_number(rounded_down(t.power)));
  return fmt::format(
      "<section id=\"tests\">\n<h2>Statistical tests</h2>\n"
      "<p class=\"chance\">{} <b class=\"number\">{}</b></p>\n"
      "<p class=\"note\">This is the sum of the alphas. Alpha is the probability that a test says "
      "something wrong, both limits and all looks counted; power is the probability that it sees "
      "the alternative beside it.</p>\n"
      "<details><summary>{}, one by one</summary>\n"
      "<div class=\"wide\" tabindex=\"0\"><table class=\"detail tests\">\n"
      "<thead><tr><th scope=\"col\">claim</th><th scope=\"col\">what is tested</th>"
      "<th scope=\"col\" class=\"number\">trials</th><th scope=\"col\" class=\"number\">alpha</th>"
      "<th scope=\"col\">alternative</th><th scope=\"col\" class=\"number\">power</th></tr></thead>"
      "\n<tbody>\n{}</tbody></table></div>\n</details>\n</section>\n",
      chance_words, typeset_number(rounded_up(chance_of_falsehood(report.tests))),
      report.tests.size() == 1 ? std::string("The one test")
                               : fmt::format("All {} tests", report.tests.size()),
      rows);
}

std::string rejections_section(const Report& report, const Ids& anchors) {
  if (report.rejections.empty()) return "";
  const Ids ids = catchers(report);
  const std::size_t columns = std::max<std::size_t>(ids.size(), 1);
  std::string head;
  for (const std::string& id : ids)
    head +=
        fmt::format(R"(<th scope="col" class="mark">{}</th>)", link_to(id, report.rows, anchors));
  if (ids.empty()) head = R"(<th scope="col">caught by</th>)";
  return fmt::format(
             "<section id=\"refused\">\n<h2>What the suite refuses</h2>\n"
             "<p>The code that checks the claims also ran on what is false. {}</p>\n"
             "<div class=\"wide\" tabindex=\"0\"><table class=\"matrix\">\n"
             "<thead><tr><th scope=\"col\">what is false</th>{}</tr></thead>\n",
             caught_in_words(report.rejections), head) +
         matrix_group(report, Rejection::Kind::planted_error, "Planted errors", ids, columns) +
         matrix_group(report, Rejection::Kind::false_claim, "False claims", ids, columns) +
         "</table></div>\n<p class=\"note\">A row need not see every error: a falsehood is refused "
         "if one row catches it.</p>\n</section>\n";
}

}  // namespace alignproof::inline report::detail
