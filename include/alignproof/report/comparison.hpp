// SPDX-License-Identifier: Apache-2.0
// What two reports say differently, and which of it is a regression: reports/docs/compare.md
// defines it case by case.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <alignproof/report/findings.hpp>

namespace alignproof::inline report {

/// Two numbers are the same if they differ by at most the larger of `absolute` and `relative` times
/// the larger of their sizes. Both >= 0.
struct Tolerance {
  double relative = 1e-6, absolute = 1e-9;
};

/// What became of one thing. `within`: a number moved, but the intervals beside it overlap.
/// `not_run`: one of the two runs was asked for a part, and did not look at it.
enum class Change { same, within, not_run, addition, improvement, regression };

/// "same", "within", "not_run", "new", "improvement", "regression"
std::string_view to_string(Change change);

/// From one constant to another of the same name; `why` is empty for `same`. A constant that moved
/// and whose safe side is not known is a regression in both directions.
struct Movement {
  Change change = Change::same;
  std::string why;
};
Movement movement(const Constant& before, const Constant& after, const Tolerance& tolerance);

/// One thing that was compared.
struct ComparedItem {
  std::string claim;          ///< its id, or "refused"
  std::string what;           ///< "verdict", "constant", "instance", "extent", "falsehood"
  std::string name;           ///< of the constant or instance, prose; may be empty
  std::string before, after;  ///< in words; empty: not there
  Change change = Change::same;
  std::string why;  ///< empty for `same`
};

/// "T1: instance: sphere n=5: sampled before, undecided now (weaker)"
std::string to_line(const ComparedItem& item);

struct ReportComparison {
  std::string before, after;  ///< names of the two files
  Tolerance tolerance;
  std::vector<std::string> remarks;  ///< in which ways the reports are of another kind
  std::vector<ComparedItem> items;   ///< all that was compared, claim by claim
  /// Name, before, now: never a regression.
  std::vector<std::array<std::string, 3>> timings;

  std::size_t count(Change change) const;
  std::size_t compared() const { return items.size() - count(Change::not_run); }
  bool has_regression() const { return count(Change::regression) > 0; }
};

/// Compares claims by id and everything in them by name; with `claims` only those. Where the seeds
/// differ, instances that only one report has and premises are left out, and constants without an
/// interval that holds what is the same for every seed; where the profiles differ, all but the
/// verdicts of claims, ratios that crossed 1 and falsehoods. What is missing is a regression,
/// unless the new report is of a part that was not asked for it: then it was not run. Throws
/// InputError on an id that neither has.
ReportComparison compare(const Findings& before, const Findings& after,
                         const Tolerance& tolerance = {},
                         const std::vector<std::string>& claims = {});

/// At 80 columns.
std::string to_text(const ReportComparison& comparison);
/// Schema: reports/schema/comparison.schema.json.
std::string to_json(const ReportComparison& comparison);
/// JUnit XML: a suite a claim, a case for each thing compared; regressions are failures.
std::string to_junit(const ReportComparison& comparison);

}  // namespace alignproof::inline report
