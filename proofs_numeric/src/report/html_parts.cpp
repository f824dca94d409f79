// SPDX-License-Identifier: Apache-2.0
// Template filling, badges and anchors.
#include "html_parts.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "words.hpp"

namespace alignproof::embedded {

// Made from reports/templates by cmake/embed.cmake.
extern const std::string_view copy_js, figures_js, print_js, table_js;

}  // namespace alignproof::embedded

namespace alignproof::inline report::detail {
namespace {

/// "T1'" becomes "T1-x27": letters and digits stay, the rest is spelled out.
std::string slug(std::string_view id) {
  std::string out;
  for (const char c : id) {
    if (is_letter_or_digit(c))
      out += c;
    else
      out += fmt::format("-x{:02x}", static_cast<unsigned char>(c));
  }
  return out;
}

}  // namespace

std::string fill(std::string_view page,
                 const std::vector<std::pair<std::string_view, std::string>>& values) {
  std::string out;
  for (std::size_t at = 0;;) {
    const std::size_t begin = page.find("{{", at);
    out += page.substr(at, begin - at);
    if (begin == std::string_view::npos) return out;
    const std::size_t end = page.find("}}", begin);
    const std::string_view name =
        page.substr(begin + 2, end == std::string_view::npos ? end : end - begin - 2);
    const auto value = std::find_if(values.begin(), values.end(),
                                    [&](const auto& pair) { return pair.first == name; });
    if (end == std::string_view::npos || value == values.end())
      throw std::logic_error(fmt::format("the report template asks for {{{{{}}}}}", name));
    out += value->second;
    at = end + 2;
  }
}

const char* sign_of(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::proved:
      return "✓";
    case VerdictKind::exact:
      return "=";
    case VerdictKind::holds:
      return "●";
    case VerdictKind::sampled:
      return "○";
    case VerdictKind::undecided:
      return "?";
    case VerdictKind::refuted:
      return "✗";
    case VerdictKind::invalid:
      return "!";
  }
  return "!";
}

std::string badge(VerdictKind kind) {
  return fmt::format(
      R"(<span class="badge {0}"><span class="sign" aria-hidden="true">{1}</span>{0}</span>)",
      to_string(kind), sign_of(kind));
}

std::string command_code(std::string_view command) {
  // A word longer than a phone is wide may break anywhere.
  constexpr std::size_t longest = 36;
  std::string out;
  while (!command.empty()) {
    const std::string_view word = command.substr(0, command.find(' '));
    const bool whole = !word.empty() && word.size() <= longest;
    out += whole ? fmt::format("<span>{}</span>", escape_html(word)) : escape_html(word);
    command.remove_prefix(word.size());
    if (command.empty()) break;
    out += ' ';
    command.remove_prefix(1);
  }
  return R"(<code class="line">)" + out + "</code>";
}

std::string relative_address(std::string_view folder) {
  std::string out;
  for (const char c : folder) {
    const bool plain = is_letter_or_digit(c) || c == '-' || c == '_' || c == '.' || c == '/';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out + "/";
}

std::string link_to_certificate(std::string_view folder) {
  return fmt::format(R"(<a class="certificate" href="{}">{}</a>)", relative_address(folder),
                     escape_html(folder));
}

std::string link_to_row(const std::string& id, const std::vector<ClaimRow>& rows,
                        const std::vector<std::string>& anchors) {
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const ClaimRow& r) { return r.text.id == id; });
  if (row == rows.end()) return escape_html(id);
  return fmt::format(R"(<a href="#{}">{}</a>)",
                     anchors[static_cast<std::size_t>(row - rows.begin())], escape_html(id));
}

std::string scripts() {
  std::string out;
  for (const std::string_view script :
       {embedded::copy_js, embedded::figures_js, embedded::print_js, embedded::table_js})
    out += fmt::format("<script>\n{}</script>\n", script);
  return out;
}

std::vector<std::string> anchors_of(const std::vector<ClaimRow>& rows) {
  std::vector<std::string> anchors;
  for (const ClaimRow& row : rows) {
    std::string anchor = "claim-" + slug(row.text.id);
    while (std::find(anchors.begin(), anchors.end(), anchor) != anchors.end()) anchor += "-again";
    anchors.push_back(std::move(anchor));
  }
  return anchors;
}

}  // namespace alignproof::inline report::detail
