// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/report/comparison.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "output.hpp"
#include "report_folder.hpp"
#include "shared_options.hpp"
#include "to_stderr.hpp"

namespace alignproof::cli {

namespace {

struct CompareOptions {
  std::string before, after, format = "text", out = "-";
  std::vector<std::string> claims;
  Tolerance tolerance;
  bool approve = false;
};

std::string in_format(const ReportComparison& comparison, const std::string& format) {
  if (format == "json") return to_json(comparison);
  return format == "junit" ? to_junit(comparison) : to_text(comparison);
}

bool is_baseline(const Findings& findings) {
  return findings.source == Findings::Source::baseline;
}

/// What --approve writes over `before`: a baseline stays a baseline, a report becomes the new one.
std::string approved_text(const Findings& before, const Findings& after, const std::string& text) {
  if (!is_baseline(before)) return text;
  return to_baseline(after, before);
}

bool ran(const Findings& findings, const std::string& id) {
  const ClaimFindings* const claim = findings.claim(id);
  return claim && claim->ran;
}

/// Throws InputError where exit code 0 would say nothing: a claim that is asked for must have run
/// in both reports, or be missing from a new one of everything, which is a regression.
void require_compared(const Findings& before, const Findings& after,
                      const ReportComparison& comparison, const CompareOptions& options) {
  for (const std::string& id : options.claims) {
    const bool ran_before = ran(before, id);
    if (ran_before && (ran(after, id) || !after.part)) continue;
    throw InputError(
        "claims",
        fmt::format("'{}', which {} did not run", id, ran_before ? options.after : options.before),
        "claims that both reports ran");
  }
  if (comparison.compared() == 0)
    throw InputError("NEW", fmt::format("'{}', which ran nothing that OLD ran", options.after),
                     "two reports that ran the same claims");
}

/// Throws InputError on a part: written over OLD it would lose what it did not run.
void require_whole(const Findings& after, const CompareOptions& options) {
  if (after.part)
    throw InputError("NEW with --approve",
                     fmt::format("'{}', a report of some claims only", options.after),
                     "a whole report, so that no verdict is lost");
}

int compare_command(const CompareOptions& options) {
  require_not_negative("relative", options.tolerance.relative);
  require_not_negative("absolute", options.tolerance.absolute);
  if (options.approve && !options.claims.empty())
    throw InputError("option", "'--approve' with --claims",
                     "a whole report, so that no verdict is lost");
  const std::string old = read_file(options.before), now = read_file(options.after);
  const Findings before = read_findings(old, options.before),
                 after = read_findings(now, options.after);
  if (options.approve && is_baseline(after) && !is_baseline(before))
    throw InputError("NEW with --approve", fmt::format("the baseline '{}'", options.after),
                     "a report, since it is written over a report");
  if (options.approve) require_whole(after, options);
  ReportComparison comparison = compare(before, after, options.tolerance, options.claims);
  require_compared(before, after, comparison, options);
  comparison.before = options.before;
  comparison.after = options.after;
  if (!is_standard_output(options.out)) require_apart(options.out, {options.before, options.after});
  require_output(options.out);
  if (options.approve) {
    require_apart(options.before, {options.after});
    require_output(options.before);
  }
  write_output(options.out, in_format(comparison, options.format));
  if (!options.approve) return comparison.has_regression() ? 1 : 0;
  write_output(options.before, approved_text(before, after, now));
  to_stderr("baseline written: {} is now what {} found\n", options.before, options.after);
  return 0;
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command =
      app.add_subcommand("compare", "what two reports say differently: exit 1 on a regression");
  command->add_option("OLD", options->before, "report.json of verify, its folder, or a baseline")
      ->required()
      ->check(given("a file"));
  command->add_option("NEW", options->after, "report.json of verify, its folder, or a baseline")
      ->required()
      ->check(given("a file"));
  add_number(*command, "--relative", options->tolerance.relative,
             "numbers are the same up to this times the larger")
      ->capture_default_str();
  add_number(*command, "--absolute", options->tolerance.absolute, "and up to this")
      ->capture_default_str();
  add_list(*command, "--claims", options->claims, "only these, as T1,T2");
  add_format(*command, options->format, {"text", "json", "junit"}, "text, json or junit");
  command->add_option("--out", options->out, "file of the comparison; - is standard output")
      ->capture_default_str()
      ->check(given("a file"));
  command->add_flag("--approve", options->approve,
                    "then write what NEW found over OLD, and exit 0");
  command->footer(
      "Examples:\n  alignproof compare old new\n"
      "  alignproof compare reports/baselines/quick.json alignproof-report/report.json\n"
      "  alignproof compare old/report.json new/report.json --relative 0.01 --claims T1\n"
      "  alignproof compare old/report.json new/report.json --format junit --out c.xml\n"
      "  alignproof compare old/report.json new/report.json --approve\n"
      "A regression is a weaker verdict, a constant that moved, or something that is\n"
      "missing from a report of everything: reports/docs/compare.md has every case.\n" +
      exit_codes("no regression, or --approve", "a regression"));
  command->callback([options, &action] {
    action = [options] {
      options->before = report_file(options->before);
      options->after = report_file(options->after);
      return compare_command(*options);
    };
  });
}

}  // namespace alignproof::cli
