// SPDX-License-Identifier: Apache-2.0
// What a report found, without its words: what two reports are compared by. It is read from
// report.json or from a baseline, which is a file of findings that were approved.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <alignproof/format/report.hpp>

namespace alignproof::inline report {

/// A named number of a claim.
struct Constant {
  std::string name;             ///< "bound", "measured", "ratio", or that of a measurement, prose
  std::optional<double> value;  ///< none: not finite, or not measured
  std::optional<std::pair<double, double>> interval;
  /// Of the interval; nothing where the file does not say, before schema version 5 and in
  /// baselines.
  std::optional<IntervalKind> kind = {};
  /// Its note begins with "depends on the machine": no baseline has it.
  bool of_machine = false;
};

/// How much a row looked at: more is better.
struct Extent {
  std::string name;  ///< "instances", "seeds", "digits", or a premise, prose
  std::size_t count = 0;
  bool drawn = false;  ///< of the data that the seed drew: a premise
};

/// A verdict that was read; what it rested on when it was given, this program cannot know.
struct VerdictFound {
  VerdictKind kind = VerdictKind::undecided;
  bool conditional = false;         ///< proved from a checkpoint on
  std::vector<std::string> routes;  ///< by which programs it is proved
  std::string detail;
};

struct ClaimFindings {
  std::string id, title;  ///< a baseline has no titles
  VerdictFound verdict;
  bool ran = true;  ///< false: the run did not look at it
  std::vector<Constant> constants;
  std::vector<Extent> extents;
  std::vector<std::pair<std::string, VerdictFound>> instances;
};

struct Findings {
  /// Of baselines: 1 has verdicts only, 2 has the profile, the seed and constants as well.
  static constexpr int baseline_version = 2;
  enum class Source { report, baseline };

  Source source = Source::report;
  int version = Report::schema_version;  ///< of the schema of the report, or of the baseline
  std::string profile;                   ///< empty where the baseline is of version 1
  std::optional<std::uint64_t> seed;
  std::string command;
  bool part = false;  ///< only a part was asked for: what is not there was not run
  std::vector<std::pair<std::string, std::string>> settings, versions, environment;
  std::vector<ClaimFindings> claims;
  /// Every falsehood that was tried, prose, and the ids of the claims that refuse it.
  std::vector<std::pair<std::string, std::vector<std::string>>> refused;

  const ClaimFindings* claim(const std::string& id) const;
};

/// Reads report.json of schema version 1 to 5, or a baseline of version 1 or 2. Names that occur
/// twice in a claim are told apart by a number behind them. Throws InputError that begins with
/// `file` on anything else: another version, a text that ends early, a field that is missing, a
/// report without claims, or one of everything of which a claim did not run.
Findings read_findings(const std::string& text, const std::string& file);

/// Those of a report of this program.
Findings findings_of(const Report& report);

/// A baseline of these findings, of version 2: verdicts, who refuses what, and every finite
/// constant. Numbers that are as those of `before` within the tolerance of a comparison are written
/// as they stand there, so that another machine, which rounds otherwise, changes nothing in it.
std::string to_baseline(const Findings& findings, const Findings& before = {});

/// The findings without those claims, among `brought`, that a baseline has not, and, where
/// something is brought, without false claims that it has not: a baseline of the library's claims
/// says nothing of those that somebody added. If no claim would be left, nothing is left out.
Findings known_to(const Findings& baseline, const Findings& findings,
                  const std::vector<std::string>& brought);

/// A baseline with these claims in place of its own of the same ids; all others stay.
Findings replaced_in(const Findings& baseline, const Findings& findings);

}  // namespace alignproof::inline report
