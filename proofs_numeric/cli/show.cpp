// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/report/writers.hpp>
#include <alignproof/sweeps/store_files.hpp>
#include <alignproof/sweeps/summary.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "output.hpp"
#include "shared_options.hpp"

namespace alignproof::cli {

namespace {

struct ShowOptions {
  std::vector<std::string> stores;
  std::string out = "alignproof-figures", format = "text";
};

constexpr const char* shown_page = "simulations.html";

/// Throws InputError on a store without a run, and on a name that an earlier one has.
void add_store(const std::string& file, const RunStore& store, Report& report) {
  const std::vector<bool> done = store.done();
  const auto count = std::count(done.begin(), done.end(), true);
  if (count == 0)
    throw InputError("store", fmt::format("'{}' without a run", file),
                     "stores in which a run is done");
  const std::string& name = store.sweep().name;
  if (std::any_of(report.simulations.begin(), report.simulations.end(),
                  [&](const Simulation& s) { return s.id == name; }))
    throw InputError("store", fmt::format("'{}'", file),
                     fmt::format("one store of the name {}", name));
  report.simulations.push_back(summarise(store.sweep(), store.so_far()));
  report.simulations.back().command = fmt::format("alignproof show {}", shell_word(file));
  report.settings.emplace_back(
      file, fmt::format("{} of {} runs; {}", count, done.size(), store.engine()));
}

Report report_of(const ShowOptions& options) {
  require_each_once({options.stores.begin(), options.stores.end()});
  Report report;
  report.command = "alignproof show";
  for (const std::string& file : options.stores) report.command += " " + shell_word(file);
  const auto stores = stores_at({options.stores.begin(), options.stores.end()});
  for (std::size_t i = 0; i < stores.size(); ++i) add_store(options.stores[i], *stores[i], report);
  return report;
}

std::map<std::string, std::string> files_of(const Report& report) {
  std::map<std::string, std::string> files = {{shown_page, simulations_to_html(report)}};
  for (const Simulation& simulation : report.simulations)
    for (const Figure& figure : simulation.figures) files[figure.id + ".svg"] = to_svg_file(figure);
  return files;
}

int show_command(const ShowOptions& options) {
  const Report report = report_of(options);
  const std::map<std::string, std::string> files = files_of(report);
  std::vector<std::string> names;
  for (const auto& [name, bytes] : files) {
    names.push_back(name);
    require_apart(std::filesystem::path(options.out) / name, options.stores);
  }
  const ResultFolder folder(options.out, names);
  write_files(options.out, files);
  // After the files: a reader of standard output may end at any line.
  if (options.format == "html") {
    fmt::print("{}", files.at(shown_page));
    return 0;
  }
  for (const Simulation& simulation : report.simulations) fmt::print("{}\n", to_text(simulation));
  fmt::print("Written:\n");
  for (const std::string& name : names) fmt::print("  {}/{}\n", options.out, name);
  return 0;
}

}  // namespace

void add_show(CLI::App& app, Action& action) {
  auto options = std::make_shared<ShowOptions>();
  CLI::App* command =
      app.add_subcommand("show", "the runs of stores that sweeps made: means and figures");
  command->add_option("STORE", options->stores, "stores, each of another sweep")
      ->required()
      ->check(given("the file of a store"));
  add_out_folder(*command, options->out, "folder of the figures and of simulations.html");
  add_format(*command, options->format, {"text", "html"}, "what to print: text or html");
  command->footer(
      "Examples:\n  alignproof show tanh.sqlite\n"
      "  alignproof show tanh.sqlite relu.sqlite --out figures\n"
      "  alignproof show rules.sqlite --format html > rules.html\n"
      "A store that is not finished is shown as far as it is, and how many runs are\n"
      "missing is said. Means have intervals at 95 %.\n" +
      exit_codes("the figures are written"));
  command->callback([options, &action] {
    action = [options] {
      options->stores = file_list(options->stores);
      return show_command(*options);
    };
  });
}

}  // namespace alignproof::cli
