// SPDX-License-Identifier: Apache-2.0
// The report as one HTML page that needs nothing else: reports/templates is built into the program.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include <alignproof/report/formats.hpp>
#include <alignproof/report/math.hpp>
#include <alignproof/report/writers.hpp>

#include "report/evidence.hpp"
#include "report/html_parts.hpp"
#include "report/read_prose.hpp"
#include "report/svg.hpp"
#include "report/words.hpp"

namespace alignproof::embedded {

// Made from reports/templates by cmake/embed.cmake.
extern const std::string_view report_html;
extern const std::string_view report_css;

}  // namespace alignproof::embedded

namespace alignproof::inline report {

namespace {

using detail::badge;
using detail::escape_html;
using detail::typeset_number;

constexpr std::array all_kinds = {
    VerdictKind::proved,    VerdictKind::exact,   VerdictKind::holds,  VerdictKind::sampled,
    VerdictKind::undecided, VerdictKind::refuted, VerdictKind::invalid};

std::string plural(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string summary(const Report& report) {
  const auto& rows = report.rows;
  std::string out = plural(rows.size(), "claim") + ": ";
  for (const VerdictKind kind : all_kinds) {
    const auto count = std::count_if(
        rows.begin(), rows.end(), [&](const ClaimRow& row) { return row.verdict.kind() == kind; });
    if (count > 0)
      out += fmt::format(R"(<span class="tally"><b>{}</b> {}</span> )", count, badge(kind));
  }
  for (const ClaimRow& row : rows)
    if (row.verdict.label().ends_with('*'))
      out += fmt::format(R"(<span class="tally">{}: {}</span> )", escape_html(row.text.id),
                         detail::read_prose_to_html(row.verdict.detail()));
  if (const std::size_t count = detail::survivors(report.rejections); count > 0)
    out += fmt::format(R"(<span class="tally"><b>{}</b> of {} {}</span> )", count,
                       plural(report.rejections.size(), "falsehood"), detail::survivor_badge());
  return out;
}

/// A bar that is two thirds full at 1, where a line stands.
std::string ratio_bar(double ratio) {
  if (std::isnan(ratio)) return "";
  const double full = 72, one = full * 2 / 3;
  const double filled = std::clamp(ratio * one, 0.0, full);
  return fmt::format(R"(<svg class="ratio {}" viewBox="0 0 72 12" aria-hidden="true">)"
                     R"(<rect class="track" x="0" y="4" width="72" height="4" rx="2"/>)"
                     R"(<rect class="filled" x="0" y="4" width="{:.1f}" height="4" rx="2"/>)"
                     R"(<line class="one" x1="{:.0f}" y1="0" x2="{:.0f}" y2="12"/></svg>)",
                     ratio <= 1 ? "within" : "beyond", filled, one, one);
}

/// By what scripts sort a number, in words that they read; nothing where it stands last.
std::string sorted_by(const std::optional<double>& value) {
  if (!value || std::isnan(*value)) return "";
  return std::isinf(*value) ? (*value < 0 ? "-Infinity" : "Infinity") : fmt::format("{}", *value);
}

std::string value_cell(const char* label, const std::optional<double>& value,
                       const std::string& under) {
  const std::string below =
      under.empty() ? "" : fmt::format(R"(<span class="under">{}</span>)", under);
  return fmt::format(
      R"(<td class="number value" data-label="{}" data-sort="{}"><span>{}</span>{}</td>)", label,
      sorted_by(value), value ? typeset_number(*value) : "–", below);
}

std::string count_cell(const char* label, std::size_t count) {
  return fmt::format(R"(<td class="number many" data-label="{0}" data-sort="{1}">{1}</td>)", label,
                     count);
}

/// The verdicts that are there, to choose among, from best to worst.
std::string verdict_choices(const std::vector<ClaimRow>& rows) {
  std::string out;
  for (const VerdictKind kind : all_kinds) {
    const auto count = std::count_if(
        rows.begin(), rows.end(), [&](const ClaimRow& row) { return row.verdict.kind() == kind; });
    if (count > 0)
      out += fmt::format("<option value=\"{0}\">{0} ({1})</option>\n", to_string(kind), count);
  }
  return out;
}

std::string table_row(const ClaimRow& row, const std::string& anchor) {
  std::string out =
      fmt::format(R"(<tr><th scope="row"><a href="#{}">{}</a><span class="under">{}</span></th>)",
                  anchor, escape_html(row.text.id), prose_to_html(row.text.title));
  out +=
      fmt::format(R"(<td class="verdict" data-label="verdict" data-sort="{}" data-verdict="{}">{})"
                  R"(<span class="under">{}</span></td>)",
                  static_cast<int>(row.verdict.kind()), to_string(row.verdict.kind()),
                  badge(row.verdict.kind()), detail::read_prose_to_html(row.verdict.words()));
  out += value_cell("bound", row.bound, prose_to_html(row.bound_label));
  out += value_cell("measured", row.measured, prose_to_html(row.measured_label));
  out += value_cell("ratio", row.ratio, row.ratio ? ratio_bar(*row.ratio) : "");
  out += count_cell("instances", row.instances) + count_cell("seeds", row.seeds) +
         count_cell("digits", row.digits);
  return out + "</tr>\n";
}

std::string figures(const std::vector<Figure>& all) {
  if (all.empty()) return "";
  std::string out = "<section id=\"figures\">\n<h2>Figures</h2>\n<div class=\"figures\">\n";
  for (const Figure& f : all) out += detail::figure(f);
  return out + "</div>\n</section>\n";
}

std::string named_values(const char* heading,
                         const std::vector<std::pair<std::string, std::string>>& pairs) {
  if (pairs.empty()) return "";
  std::string out = fmt::format("<div>\n<h3>{}</h3>\n<dl class=\"pairs\">\n", heading);
  for (const auto& [name, value] : pairs)
    out +=
        fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", escape_html(name), escape_html(value));
  return out + "</dl>\n</div>\n";
}

/// Links to the parts that not every page has.
std::string links_to_parts(const Report& report) {
  std::string out;
  const auto has_certificate = [](const ClaimRow& row) {
    return std::any_of(row.results.begin(), row.results.end(),
                       [](const InstanceResult& result) { return !result.certificate.empty(); });
  };
  if (std::any_of(report.rows.begin(), report.rows.end(), has_certificate))
    out += "<a href=\"#certificates\">Certificates</a>\n";
  if (!report.tests.empty()) out += "<a href=\"#tests\">Statistical tests</a>\n";
  if (!report.rejections.empty()) out += "<a href=\"#refused\">What the suite refuses</a>\n";
  if (!report.simulations.empty() || !report.shipped.empty())
    out += "<a href=\"#simulations\">Simulations</a>\n";
  return out;
}

/// A page's SVG as a file: with its name space and the style sheet of the page.
std::string alone(std::string svg) {
  svg.insert(std::string_view("<svg").size(), " xmlns=\"http://www.w3.org/2000/svg\"");
  const std::size_t end_of_tag = svg.find('>') + 1;
  svg.insert(end_of_tag, fmt::format("\n<style>\n{}</style>", embedded::report_css));
  return svg;
}

}  // namespace

std::string to_html(const Report& report) {
  const auto anchors = detail::anchors_of(report.rows);
  std::string rows, sections;
  for (std::size_t i = 0; i < report.rows.size(); ++i) {
    rows += table_row(report.rows[i], anchors[i]);
    sections += detail::claim_section(report.rows[i], anchors[i]);
  }
  std::vector<std::pair<std::string_view, std::string>> values = {
      {"style", std::string(embedded::report_css)},
      {"profile", escape_html(report.profile)},
      {"seed", std::to_string(report.seed)},
      {"command", detail::command_code(report.command)},
      {"path", std::string(detail::path_words)},
      {"summary", summary(report)},
      {"rows", rows},
      {"figures", figures(report.figures)},
      {"parts", links_to_parts(report)},
      {"tests", detail::tests_section(report, anchors)},
      {"rejections", detail::rejections_section(report, anchors)},
      {"certificates", detail::certificates_section(report, anchors)},
      {"verdicts", verdict_choices(report.rows)},
      {"simulations", detail::simulations_section(report.simulations, report.shipped)},
      {"scripts", detail::scripts()},
      {"sections", sections},
      {"settings", named_values("Settings", report.settings)},
      {"versions", named_values("Versions", report.versions)},
      {"environment", named_values("Environment", report.environment)}};
  for (const VerdictKind kind : all_kinds) values.emplace_back(to_string(kind), badge(kind));
  return detail::fill(embedded::report_html, values);
}

std::string to_svg_file(const Figure& figure) {
  return alone(detail::to_svg(figure));
}

std::string to_svg_file(const std::vector<Figure>& figures) {
  return alone(detail::to_svg(figures));
}

namespace formats {

ReportFormat html() {
  return {"html", "report.html", to_html};
}

}  // namespace formats

}  // namespace alignproof::inline report
