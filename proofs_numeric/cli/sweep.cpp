// SPDX-License-Identifier: Apache-2.0
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "ranks.hpp"
#include "resources.hpp"
#include "shared_options.hpp"
#include "sweep_bar.hpp"

namespace alignproof::cli {

namespace {

namespace fs = std::filesystem;

struct SweepOptions {
  std::string configuration, scale = "full", store, shard, data;
  std::vector<std::string> settings, reuse;
  std::optional<long long> jobs, seeds;
};

/// What the command line asks for.
struct Asked {
  Sweep sweep;
  SweepWork work;
};

/// Throws InputError before any work.
Asked asked_by(const SweepOptions& options, std::size_t on_this_machine) {
  threads_for(options.jobs);
  Asked asked;
  asked.work.shard = shard_from(options.shard);
  std::optional<fs::path> data;
  if (!options.data.empty()) data = options.data;
  std::vector<std::string> settings = options.settings;
  if (options.seeds) settings.push_back(fmt::format("seeds = {}", *options.seeds));
  asked.sweep = sweep_of(options.configuration, options.scale, data, settings);
  fs::path& file = asked.work.store;
  file = options.store;
  if (file.empty()) {
    file = default_store(asked.sweep, options.seeds);
    if (const Shard& shard = asked.work.shard; shard.of > 1)
      file = fmt::format("{}-{}-of-{}.sqlite", file.stem().string(), shard.index, shard.of);
  }
  require_other_files(file, {options.configuration});
  const std::vector<std::string> reuse = file_list(options.reuse);
  asked.work.reuse.assign(reuse.begin(), reuse.end());
  asked.work.jobs = threads_for(options.jobs, on_this_machine);
  return asked;
}

int sweep_command(const SweepOptions& options) {
  MpiRanks processes;
  Ranks ranks(processes);
  Asked asked;
  std::exception_ptr failure;
  try {
    asked = asked_by(options, processes.on_this_machine());
  } catch (const InputError&) {
    failure = std::current_exception();
  }
  if (!ranks.agree(failure, "a configuration")) return 0;  // rank 0 says why
  run_with_bar(asked.sweep, asked.work, ranks);
  return 0;
}

int merge_command(const std::string& out, const std::vector<std::string>& parts) {
  const StoredRuns stored = merge_stores(out, {parts.begin(), parts.end()});
  print_tables(stored);
  if (stored.tables) return 0;
  fmt::print("{} of {} runs are missing in {}\n", stored.of - stored.done, stored.of, out);
  return 3;
}

}  // namespace

void add_sweep(CLI::App& app, Action& action) {
  auto options = std::make_shared<SweepOptions>();
  CLI::App* command = app.add_subcommand(
      "sweep", "a grid of simulated runs, kept in a store; goes on where it was");
  command
      ->add_option("CONFIGURATION", options->configuration,
                   "TOML file, see reports/docs/sweeps.md; or the name of a ready one")
      ->required()
      ->check(given("a TOML file, or the name of a ready configuration"));
  add_scale(*command, options->scale);
  command
      ->add_option("--store", options->store,
                   "SQLite file (default: NAME-SCALE.sqlite, NAME-SCALE-N.sqlite with --seeds N)")
      ->check(given("the file of a store"));
  command->add_option("--shard", options->shard, "i/N: only this part; merge joins the stores")
      ->check(given("i/N with 1 <= i <= N, as 2/8"));
  add_jobs(*command, options->jobs);
  add_instructions(*command);
  add_sweep_seeds(*command, options->seeds,
                  "runs of each cell, in place of those of the configuration");
  command
      ->add_option("--set", options->settings,
                   "KEY=VALUE as in [run], in place of the configuration's; may be repeated")
      ->allow_extra_args(false)
      ->check(given("KEY=VALUE"));
  add_list(
      *command, "--reuse", options->reuse,
      "stores of other sweeps, separated by commas: what they have of this grid is taken over");
  command
      ->add_option("--data", options->data,
                   "folder of IDX images in place of that of the configuration")
      ->check(given("a folder of IDX images"));
  std::string names;
  for (const auto& [name, text] : ready_sweeps()) names += fmt::format("\n  {}", name);
  command->footer(
      "Examples:\n  alignproof sweep alignment-tanh --scale smoke\n"
      "  alignproof sweep my.toml --shard 1/2 --store 1.sqlite\n"
      "  mpirun -n 4 alignproof sweep loss-curves\n"
      "  alignproof sweep alignment-tanh --seeds 16 --store tanh-16.sqlite\n"
      "  alignproof sweep alignment-tanh --seeds 50 --reuse tanh-16.sqlite\n"
      "  alignproof sweep alignment-tanh --set 'width = [200, 400]' --store few.sqlite\n"
      "Interrupted in any way, the same command goes on. The tables are written beside\n"
      "the store. Ready configurations:" +
      names + "\n" + exit_codes("all runs of this part are done"));
  command->callback([options, &action] { action = [options] { return sweep_command(*options); }; });
}

void add_merge(CLI::App& app, Action& action) {
  auto out = std::make_shared<std::string>();
  auto parts = std::make_shared<std::vector<std::string>>();
  CLI::App* command = app.add_subcommand("merge", "joins the stores of the parts of a sweep");
  command->add_option("OUT", *out, "store that takes all runs; may exist")
      ->required()
      ->check(given("the store that takes all runs, and behind it those of the parts"));
  command->add_option("PARTS", *parts, "stores of the parts")
      ->required()
      ->check(given("the stores of the parts, behind the one that takes all runs"));
  command->footer("Examples:\n  alignproof merge all.sqlite 1.sqlite 2.sqlite\n" +
                  exit_codes("all runs are there", "", "runs are missing"));
  command->callback(
      [out, parts, &action] { action = [out, parts] { return merge_command(*out, *parts); }; });
}

}  // namespace alignproof::cli
