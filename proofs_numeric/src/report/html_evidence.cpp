// SPDX-License-Identifier: Apache-2.0
// The sections of the HTML page about what the table rests on: statistical tests and rejections.
#include <algorithm>

#include <fmt/format.h>

#include <alignproof/format/files.hpp>
#include <alignproof/report/math.hpp>

#include "evidence.hpp"
#include "html_parts.hpp"
#include "read_prose.hpp"
#include "words.hpp"

namespace alignproof::inline report::detail {
namespace {

using Ids = std::vector<std::string>;

bool contains(const Ids& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
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

/// A certificate and the rows that list it.
struct Listed {
  const InstanceResult* result;
  Ids rows;
};

/// By folder, in the order of the report.
std::vector<Listed> certificates_of(const Report& report) {
  std::vector<Listed> all;
  for (const ClaimRow& row : report.rows)
    for (const InstanceResult& result : row.results) {
      if (result.certificate.empty()) continue;
      auto listed = std::find_if(all.begin(), all.end(), [&](const Listed& each) {
        return each.result->certificate == result.certificate;
      });
      if (listed == all.end()) listed = all.insert(all.end(), {&result, {}});
      if (!contains(listed->rows, row.text.id)) listed->rows.push_back(row.text.id);
    }
  return all;
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
        link_to_row(t.claim, report.rows, anchors), prose_to_html(t.what), t.trials,
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
    head += fmt::format(R"(<th scope="col" class="mark">{}</th>)",
                        link_to_row(id, report.rows, anchors));
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

std::string certificates_section(const Report& report, const Ids& anchors) {
  const std::vector<Listed> all = certificates_of(report);
  if (all.empty()) return "";
  std::string table;
  for (const auto& [result, ids] : all) {
    std::string rows;
    for (const std::string& id : ids)
      rows += (rows.empty() ? "" : ", ") + link_to_row(id, report.rows, anchors);
    table += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{} <span class=\"why\">{}</span></td><td>{}</td>"
        "<td>{}</td></tr>\n",
        link_to_certificate(result->certificate), badge(result->verdict.kind()),
        read_prose_to_html(result->verdict.words()), rows,
        command_code("alignproof-check " + shell_word(result->certificate)));
  }
  return fmt::format(
      "<section id=\"certificates\">\n<h2>Certificates</h2>\n"
      "<p>Each of these folders stands beside this page. It holds a certificate: initial data and "
      "a claim about all time, or about all widths. A separate program checks it; run the commands "
      "in the folder of this page.</p>\n"
      "<div class=\"wide\" tabindex=\"0\"><table class=\"detail results certificates\">\n"
      "<thead><tr><th scope=\"col\">certificate</th><th scope=\"col\">verdict</th>"
      "<th scope=\"col\">rows that rest on it</th><th scope=\"col\">check it</th></tr></thead>\n"
      "<tbody>\n{}</tbody></table></div>\n</section>\n",
      table);
}

}  // namespace alignproof::inline report::detail
