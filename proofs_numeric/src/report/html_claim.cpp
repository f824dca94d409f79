// SPDX-License-Identifier: Apache-2.0
// The section of the HTML page about one claim.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/report/math.hpp>

#include "html_parts.hpp"
#include "read_prose.hpp"
#include "words.hpp"

namespace alignproof::inline report::detail {
namespace {

std::string entry(const char* term, const std::string& markup) {
  return markup.empty() ? "" : fmt::format("<dt>{}</dt>\n<dd>{}</dd>\n", term, markup);
}

std::string held(const PremiseCount& count) {
  return fmt::format(R"(<span class="count {}">held {} of {}</span>)",
                     count.held == count.of ? "all" : "some", count.held, count.of);
}

/// Premises with how often they held; a count for which there are no words brings its own.
std::string premises(const ClaimRow& row) {
  std::string items;
  const auto count_of = [&](const std::string& premise) {
    return std::find_if(row.premises.begin(), row.premises.end(),
                        [&](const PremiseCount& c) { return c.premise == premise; });
  };
  for (const std::string& premise : row.text.premises) {
    const auto count = count_of(premise);
    items += fmt::format("<li>{} {}</li>\n", prose_to_html(premise),
                         count == row.premises.end() ? "" : held(*count));
  }
  for (const PremiseCount& count : row.premises) {
    const auto& named = row.text.premises;
    if (std::find(named.begin(), named.end(), count.premise) == named.end())
      items += fmt::format("<li>{} {}</li>\n", prose_to_html(count.premise), held(count));
  }
  return items.empty() ? "" : "<ul>\n" + items + "</ul>";
}

std::string number_with_label(const std::string& label, const std::optional<double>& value) {
  if (!value && label.empty()) return "";
  return fmt::format(R"(<span class="number">{}</span> {})", value ? typeset_number(*value) : "–",
                     prose_to_html(label));
}

std::string words(const ClaimRow& row) {
  const ClaimText& text = row.text;
  return "<dl class=\"words\">\n" + entry("Premises", premises(row)) +
         entry("Conclusion", prose_to_html(text.conclusion)) +
         entry("Bound", number_with_label(row.bound_label, row.bound)) +
         entry("Measured", number_with_label(row.measured_label, row.measured)) +
         entry("Ratio", number_with_label(row.ratio_label, row.ratio)) +
         entry("Constants", prose_to_html(text.constants)) +
         entry("How it is checked", prose_to_html(text.method)) +
         entry("What would falsify it", prose_to_html(text.falsifier)) +
         entry("Source", prose_to_html(text.source)) + "</dl>\n";
}

std::string interval(const Measurement& m) {
  if (!m.interval) return "–";
  return fmt::format("[{},&#160;{}]", typeset_number(m.interval->first),
                     typeset_number(m.interval->second));
}

std::string measurements(const std::vector<Measurement>& all) {
  if (all.empty()) return "";
  std::string rows;
  for (const Measurement& m : all)
    rows += fmt::format(
        "<tr><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td>{}</td></tr>\n",
        prose_to_html(m.name), typeset_number(m.value), interval(m), prose_to_html(m.note));
  return "<h4>Measurements</h4>\n<div class=\"scroll\" tabindex=\"0\"><table class=\"detail\">\n"
         "<thead><tr><th scope=\"col\">quantity</th><th scope=\"col\" class=\"number\">value</th>"
         "<th scope=\"col\" class=\"number\">interval</th><th "
         "scope=\"col\">note</th></tr></thead>\n"
         "<tbody>\n" +
         rows + "</tbody></table></div>\n";
}

std::string result(const InstanceResult& r) {
  const std::string replay = r.replay.empty() ? "" : command_code(r.replay);
  const std::string certificate = r.certificate.empty()
                                      ? ""
                                      : fmt::format(R"(<span class="under">certificate: {}</span>)",
                                                    link_to_certificate(r.certificate));
  return fmt::format("<tr><td>{}{}</td><td>{} <span class=\"why\">{}</span></td><td>{}</td></tr>\n",
                     read_prose_to_html(r.name), certificate, badge(r.verdict.kind()),
                     read_prose_to_html(r.verdict.words()), replay);
}

std::string results(const std::vector<InstanceResult>& all) {
  if (all.empty()) return "";
  std::string rows;
  for (const InstanceResult& r : all) rows += result(r);
  return "<h4>Instances</h4>\n"
         "<div class=\"scroll\" tabindex=\"0\"><table class=\"detail results\">\n"
         "<thead><tr><th scope=\"col\">instance</th><th scope=\"col\">verdict</th>"
         "<th scope=\"col\">run it again</th></tr></thead>\n<tbody>\n" +
         rows + "</tbody></table></div>\n";
}

}  // namespace

std::string claim_section(const ClaimRow& row, const std::string& anchor) {
  const ClaimText& text = row.text;
  std::string out = fmt::format(
      "<section class=\"claim\" id=\"{}\" aria-labelledby=\"{}-h\">\n"
      "<h3 id=\"{}-h\"><span class=\"id\">{}</span> {}</h3>\n",
      anchor, anchor, anchor, escape_html(text.id), prose_to_html(text.title));
  out += fmt::format("<p class=\"verdict\">{} <span class=\"why\">{}</span></p>\n",
                     badge(row.verdict.kind()), read_prose_to_html(row.verdict.words()));
  if (!text.statement.empty())
    out += "<p class=\"statement\">" + prose_to_html(text.statement) + "</p>\n";
  return out + words(row) + measurements(row.measurements) + results(row.results) +
         "<p class=\"back\"><a href=\"#claims\">back to the table</a></p>\n</section>\n";
}

}  // namespace alignproof::inline report::detail
