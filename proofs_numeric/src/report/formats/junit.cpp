// SPDX-License-Identifier: Apache-2.0
// The report as JUnit XML, for machines that show test results.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include <alignproof/report/formats.hpp>
#include <alignproof/report/math.hpp>
#include <alignproof/report/writers.hpp>

#include "report/evidence.hpp"
#include "report/words.hpp"

namespace alignproof::inline report {
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
  return detail::escape_html(allowed);
}

enum class Outcome { passed, failed, skipped };

/// An undecided verdict is neither a pass nor a failure. JUnit knows one third outcome, "skipped":
/// the message says that it is undecided and why.
Outcome outcome_of(VerdictKind kind) {
  switch (kind) {
    case VerdictKind::proved:
    case VerdictKind::exact:
    case VerdictKind::holds:
    case VerdictKind::sampled:
      return Outcome::passed;
    case VerdictKind::undecided:
      return Outcome::skipped;
    case VerdictKind::refuted:
    case VerdictKind::invalid:
      return Outcome::failed;
  }
  return Outcome::failed;
}

struct Case {
  std::string group, name;
  Outcome outcome;
  std::string type;     ///< of a failure, one or two words
  std::string message;  ///< one line
  std::string more;     ///< may be empty
};

struct Suite {
  std::string name;
  std::vector<Case> cases;
};

Case case_of(const std::string& id, const std::string& name, const Verdict& verdict,
             const std::string& replay) {
  return {id,
          name,
          outcome_of(verdict.kind()),
          std::string(to_string(verdict.kind())),
          verdict.text(),
          replay};
}

Suite suite_of(const ClaimRow& row) {
  const std::string& id = row.text.id;
  Suite suite{id + " " + prose_to_text(row.text.title), {}};
  suite.cases.push_back(case_of(id, "the claim", row.verdict, ""));
  for (const InstanceResult& result : row.results)
    suite.cases.push_back(case_of(id, result.name, result.verdict, result.replay));
  return suite;
}

Suite suite_of(const std::vector<Rejection>& rejections) {
  Suite suite{"rejections", {}};
  for (const Rejection& r : rejections) {
    const bool survived = r.caught_by.empty();
    suite.cases.push_back(
        {std::string(detail::to_string(r.kind)), prose_to_text(r.name),
         survived ? Outcome::failed : Outcome::passed, "NOT caught",
         survived ? "NOT caught" : fmt::format("caught by {}", fmt::join(r.caught_by, ", ")),
         prose_to_text(r.detail)});
  }
  return suite;
}

std::string markup(const Case& c) {
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
std::string counts(const std::vector<Suite>& suites) {
  std::size_t tests = 0, failures = 0, skipped = 0;
  for (const Suite& suite : suites)
    for (const Case& c : suite.cases) {
      ++tests;
      failures += c.outcome == Outcome::failed ? 1u : 0u;
      skipped += c.outcome == Outcome::skipped ? 1u : 0u;
    }
  return fmt::format(R"(tests="{}" failures="{}" errors="0" skipped="{}")", tests, failures,
                     skipped);
}

}  // namespace

std::string to_junit(const Report& report) {
  std::vector<Suite> suites;
  for (const ClaimRow& row : report.rows) suites.push_back(suite_of(row));
  if (!report.rejections.empty()) suites.push_back(suite_of(report.rejections));
  const std::string properties = fmt::format(
      "    <properties>\n      <property name=\"profile\" value=\"{}\"/>\n"
      "      <property name=\"seed\" value=\"{}\"/>\n    </properties>\n",
      escape_xml(report.profile), report.seed);
  std::string out = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"alignproof\" {}>\n",
      counts(suites));
  for (const Suite& suite : suites) {
    out += fmt::format("  <testsuite name=\"{}\" {}>\n{}", escape_xml(suite.name), counts({suite}),
                       properties);
    for (const Case& c : suite.cases) out += markup(c);
    out += "  </testsuite>\n";
  }
  return out + "</testsuites>\n";
}

namespace formats {

ReportFormat junit() {
  return {"junit", "report.junit.xml", to_junit};
}

}  // namespace formats

}  // namespace alignproof::inline report
