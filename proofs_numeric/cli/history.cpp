// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/report/history.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "output.hpp"
#include "report_folder.hpp"
#include "shared_options.hpp"

namespace alignproof::cli {

namespace {

struct HistoryOptions {
  std::vector<std::string> reports, labels;
  std::string out = "alignproof-history.html";
  Tolerance tolerance;
};

std::vector<std::string> parts_of_path(const std::string& file) {
  std::vector<std::string> parts;
  for (const std::filesystem::path& part : std::filesystem::path(file))
    parts.push_back(part.string());
  return parts;
}

/// The paths without the folders and names that all of them begin or end with.
std::vector<std::string> what_tells_apart(const std::vector<std::string>& files) {
  std::vector<std::vector<std::string>> paths;
  for (const std::string& file : files) paths.push_back(parts_of_path(file));
  const auto all_share = [&](const auto& part_of) {
    return paths.size() > 1 && std::all_of(paths.begin(), paths.end(), [&](const auto& path) {
             return path.size() > 1 && part_of(path) == part_of(paths.front());
           });
  };
  while (all_share([](const auto& path) { return path.back(); }))
    for (auto& path : paths) path.pop_back();
  while (all_share([](const auto& path) { return path.front(); }))
    for (auto& path : paths) path.erase(path.begin());
  std::vector<std::string> labels;
  for (const auto& path : paths) labels.push_back(fmt::format("{}", fmt::join(path, "/")));
  return labels;
}

/// Throws InputError on labels of which two are the same: nobody could tell the reports apart.
void require_once(const char* name, const std::vector<std::string>& labels) {
  for (const std::string& label : labels)
    if (std::count(labels.begin(), labels.end(), label) > 1)
      throw InputError(name, fmt::format("'{}', twice", label), "each report a name of its own");
}

int history_command(const HistoryOptions& options) {
  require_not_negative("relative", options.tolerance.relative);
  require_not_negative("absolute", options.tolerance.absolute);
  if (!options.labels.empty() && options.labels.size() != options.reports.size())
    throw InputError("labels", fmt::format("{} of them", options.labels.size()),
                     fmt::format("as many as reports, {}", options.reports.size()));
  const std::vector<std::string> labels =
      options.labels.empty() ? what_tells_apart(options.reports) : options.labels;
  require_once("labels", labels);
  std::vector<HistoryEntry> entries;
  for (std::size_t i = 0; i < options.reports.size(); ++i) {
    const std::string& file = options.reports[i];
    entries.push_back({labels[i], read_findings(read_file(file), file)});
    if (entries.back().findings.source != Findings::Source::report)
      throw InputError("report", fmt::format("'{}', a baseline", file), "report.json of verify");
  }
  if (!is_standard_output(options.out)) require_apart(options.out, options.reports);
  require_output(options.out);
  write_output(options.out, history_to_html(entries, options.tolerance));
  if (!is_standard_output(options.out))
    fmt::print("Written: {}, from {} report{}\n", options.out, entries.size(),
               entries.size() == 1 ? "" : "s");
  return 0;
}

}  // namespace

void add_history(CLI::App& app, Action& action) {
  auto options = std::make_shared<HistoryOptions>();
  CLI::App* command =
      app.add_subcommand("history", "many reports along commits, as one page of small figures");
  command
      ->add_option("REPORT", options->reports,
                   "report.json of verify, or its folder, the oldest first")
      ->required()
      ->check(given("a file"));
  add_list(*command, "--labels", options->labels,
           "names of the reports (default: where paths differ)");
  add_number(*command, "--relative", options->tolerance.relative,
             "numbers are the same up to this times the larger")
      ->capture_default_str();
  add_number(*command, "--absolute", options->tolerance.absolute, "and up to this")
      ->capture_default_str();
  command->add_option("--out", options->out, "file of the page; - is standard output")
      ->capture_default_str()
      ->check(given("a file"));
  command->footer(
      "Examples:\n  alignproof history v1/report.json v2/report.json v3/report.json\n"
      "  alignproof history $(ls -tr */report.json) --out history.html\n"
      "  alignproof history a.json b.json --labels 3f2c1d0,9ab00e1\n"
      "Constants are drawn for the reports of the profile and seed of the last one;\n"
      "what moved from one to the next by the rules of compare is marked\n"
      "(reports/docs/compare.md).\n" +
      exit_codes("the page is written"));
  command->callback([options, &action] {
    action = [options] {
      options->reports = file_list(options->reports);
      for (std::string& report : options->reports) report = report_file(report);
      return history_command(*options);
    };
  });
}

}  // namespace alignproof::cli
