// SPDX-License-Identifier: Apache-2.0
// The report as JUnit XML, for machines that show test results.
#include <string>
#include <vector>

#include <fmt/format.h>

#include <alignproof/report/formats.hpp>
#include <alignproof/report/math.hpp>
#include <alignproof/report/writers.hpp>

#include "report/evidence.hpp"
#include "report/junit.hpp"
#include "report/read_prose.hpp"

namespace alignproof::inline report {
namespace {

using detail::Outcome;
using Case = detail::JunitCase;
using Suite = detail::JunitSuite;

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

Case case_of(const std::string& id, const std::string& name, const Verdict& verdict,
             const std::string& replay) {
  return {id,
          detail::read_prose_to_text(name),
          outcome_of(verdict.kind()),
          std::string(to_string(verdict.kind())),
          detail::read_prose_to_text(verdict.text()),
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

}  // namespace

std::string to_junit(const Report& report) {
  std::vector<Suite> suites;
  for (const ClaimRow& row : report.rows) suites.push_back(suite_of(row));
  if (!report.rejections.empty()) suites.push_back(suite_of(report.rejections));
  return detail::junit_document(
      suites, {{"profile", report.profile}, {"seed", std::to_string(report.seed)}});
}

namespace formats {

ReportFormat junit() {
  return {"junit", "report.junit.xml", to_junit};
}

}  // namespace formats

}  // namespace alignproof::inline report
