// SPDX-License-Identifier: Apache-2.0
// JUnit XML, escaped so that a strict parser takes it.
#include "junit.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <fmt/format.h>

#include "words.hpp"

namespace alignproof::inline report::detail {
namespace {

/// Length of the character at the start of `text` if it is UTF-8 and XML 1.0 allows it, else 0.
std::size_t allowed_character(std::string_view text) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return 1;  // escape_html makes blanks of control characters
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  std::uint32_t point = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    point = point << 6 | (byte(i) & 0x3F);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  const bool allowed = !overlong && !surrogate && point <= 0x10FFFF && (point & ~1u) != 0xFFFE;
  return allowed ? length : 0;
}

/// A parser must stop at what XML does not allow: each of its bytes becomes U+FFFD.
std::string escape_xml(std::string_view text) {
  std::string allowed;
  while (!text.empty()) {
    const std::size_t length = allowed_character(text);
    if (length == 0)
      allowed += "\uFFFD";
    else
      allowed += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return escape_html(allowed);
}

std::string markup(const JunitCase& c) {
  const std::string message = escape_xml(c.message), more = escape_xml(c.more);
  std::string inside;
  switch (c.outcome) {
    case Outcome::passed:
      inside =
          fmt::format("<system-out>{}{}{}</system-out>", message, more.empty() ? "" : "\n", more);
      break;
    case Outcome::failed:
      inside = fmt::format(R"(<failure message="{}" type="{}">{}</failure>)", message,
                           escape_xml(c.type), more);
      break;
    case Outcome::skipped:
      inside = fmt::format(R"(<skipped message="{}">{}</skipped>)", message, more);
      break;
  }
  return fmt::format("    <testcase classname=\"{}\" name=\"{}\">{}</testcase>\n",
                     escape_xml(c.group), escape_xml(c.name), inside);
}

/// The attributes that count cases; there are no errors, and no times: they differ between runs.
std::string counts(const std::vector<JunitSuite>& suites) {
  std::size_t tests = 0, failures = 0, skipped = 0;
  for (const JunitSuite& suite : suites)
    for (const JunitCase& c : suite.cases) {
      ++tests;
      failures += c.outcome == Outcome::failed ? 1u : 0u;
      skipped += c.outcome == Outcome::skipped ? 1u : 0u;
    }
  return fmt::format(R"(tests="{}" failures="{}" errors="0" skipped="{}")", tests, failures,
                     skipped);
}

}  // namespace

std::string junit_document(const std::vector<JunitSuite>& suites,
                           const std::vector<std::pair<std::string, std::string>>& properties) {
  std::string lines;
  for (const auto& [name, value] : properties)
    lines += fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", escape_xml(name),
                         escape_xml(value));
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"alignproof\" {}>\n",
      counts(suites));
  for (const JunitSuite& suite : suites) {
    out += fmt::format("  <testsuite name=\"{}\" {}>\n    <properties>\n{}    </properties>\n",
                       escape_xml(suite.name), counts({suite}), lines);
    for (const JunitCase& c : suite.cases) out += markup(c);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

}  // namespace alignproof::inline report::detail
