// SPDX-License-Identifier: Apache-2.0
// A small report and copies of it that differ in one thing.
#pragma once

#include <string>

#include <alignproof/report/comparison.hpp>
#include <alignproof/report/writers.hpp>

namespace alignproof::testing {

/// Two claims: T1 with a bound, a ratio, an interval, a premise and two instances; T2 with numbers
/// only. One planted error, caught by both.
inline Report small_report() {
  Report report;
  report.profile = "quick", report.seed = 1, report.command = "alignproof verify";
  report.settings = {{"seeds", "175"}};
  report.versions = {{"alignproof", "0.1.0"}};
  report.environment = {{"host", "here"}, {"wall time", "50.0 s"}};
  ClaimRow row;
  row.text.id = "T1", row.text.title = "Decay at the rate $\\gamma$";
  row.verdict = Verdict::holds("0.9 at level 1e-8");
  row.bound = 0.5, row.measured = 0.25, row.ratio = 0.5;
  row.instances = 2, row.seeds = 175;
  row.premises = {{"$\\eta$ is small", 2, 2}};
  row.measurements = {{"$\\gamma$", 0.3, std::nullopt, ""},
                      {"exponent", -0.5, std::pair{-0.6, -0.4}, "", IntervalKind::confidence}};
  row.results = {{"one", Verdict::holds("a"), ""}, {"two", Verdict::sampled("b"), ""}};
  report.rows = {row};
  row = {};
  row.text.id = "T2", row.verdict = Verdict::exact("");
  row.measured = 2;
  report.rows.push_back(row);
  report.rejections = {{Rejection::Kind::planted_error, "eta twice", {"T1", "T2"}, ""}};
  return report;
}

/// The report after something was done to it.
template <class Alter>
Findings altered(const Alter& alter) {
  Report report = small_report();
  alter(report);
  return findings_of(report);
}

}  // namespace alignproof::testing
