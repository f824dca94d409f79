// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "resources.hpp"
#include "run_sweep.hpp"

namespace alignproof::cli {

namespace {

namespace fs = std::filesystem;

struct SweepOptions {
  std::string configuration, scale = "full", store, shard, data;
  std::vector<std::string> settings, reuse;
  std::optional<long long> jobs, seeds;
};

Shard shard_from(const std::string& text) {
  if (text.empty()) return {};
  Shard shard;
  char rest = 0;
  if (std::sscanf(text.c_str(), "%zu/%zu%c", &shard.index, &shard.of, &rest) != 2 ||
      shard.index < 1 || shard.index > shard.of || shard.of > 1000000 ||
      fmt::format("{}/{}", shard.index, shard.of) != text)
    throw InputError("shard", fmt::format("'{}'", text), "i/N with 1 <= i <= N, as 2/8");
  return shard;
}

int sweep_command(const SweepOptions& options) {
  Ranks ranks;
  std::optional<Sweep> sweep;
  std::optional<std::string> trouble;
  std::exception_ptr failure;
  Shard shard;
  fs::path file;
  try {
    threads_for(options.jobs);
    shard = shard_from(options.shard);
    std::optional<fs::path> data;
    if (!options.data.empty()) data = options.data;
    std::vector<std::string> settings = options.settings;
    if (options.seeds) settings.push_back(fmt::format("seeds = {}", *options.seeds));
    sweep = read_sweep(configuration_text(options.configuration), options.scale, data, settings);
    file = options.store;
    if (file.empty()) {
      file = default_store(*sweep, options.seeds);
      if (shard.of > 1)
        file = fmt::format("{}-{}-of-{}.sqlite", file.stem().string(), shard.index, shard.of);
    }
    require_other_files(file, {options.configuration});
  } catch (const InputError& error) {
    trouble = error.what(), failure = std::current_exception();
  }
  if (!ranks.agree(trouble, "a configuration")) {
    if (failure && ranks.rank() == 0) std::rethrow_exception(failure);
    return 0;  // rank 0 says why
  }
  const std::vector<std::string> reuse = file_list(options.reuse);
  run_sweep(*sweep, file, shard, threads_for(options.jobs, ranks.on_this_machine()), ranks,
            {reuse.begin(), reuse.end()});
  return 0;
}

int merge_command(const std::string& out, const std::vector<std::string>& parts) {
  if (out.empty()) throw InputError("out", "''", "the file of a store");
  require_tables(out);
  const std::vector<fs::path> files(parts.begin(), parts.end());
  require_other_files(out, files);
  const auto from = stores_at(files);  // all that can be read, before any is made
  std::optional<RunStore> whole;
  fill_store(whole, out, from[0]->sweep(), from[0]->engine(), [&](RunStore& filled) {
    for (const auto& part : from) filled.merge(*part);
  });
  const std::vector<bool> done = whole->done();
  const auto missing = std::count(done.begin(), done.end(), false);
  if (missing > 0) {
    fmt::print("{} of {} runs are missing in {}\n", missing, done.size(), out);
    return 3;
  }
  write_tables(*whole, out);
  return 0;
}

}  // namespace

void add_sweep(CLI::App& app, Action& action) {
  auto options = std::make_shared<SweepOptions>();
  CLI::App* command = app.add_subcommand(
      "sweep", "a grid of simulated runs, kept in a store; goes on where it was");
  command
      ->add_option("configuration", options->configuration,
                   "TOML file, see reports/docs/sweeps.md; or the name of a ready one")
      ->required();
  command->add_option("--scale", options->scale, "smoke, small or full")->capture_default_str();
  command
      ->add_option("--store", options->store,
                   "SQLite file (default: NAME-SCALE.sqlite, NAME-SCALE-N.sqlite with --seeds N)")
      ->check(given("the file of a store"));
  command->add_option("--shard", options->shard, "i/N: only this part; merge joins the stores")
      ->check(given("i/N with 1 <= i <= N, as 2/8"));
  add_jobs(*command, options->jobs);
  add_instructions(*command);
  command
      ->add_option("--seeds", options->seeds,
                   "runs of each cell, in place of those of the configuration")
      ->check(whole_number());
  command
      ->add_option("--set", options->settings,
                   "KEY=VALUE as in [run], in place of the configuration's; may be repeated")
      ->allow_extra_args(false);
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
      names);
  command->callback([options, &action] { action = [options] { return sweep_command(*options); }; });
}

void add_merge(CLI::App& app, Action& action) {
  auto out = std::make_shared<std::string>();
  auto parts = std::make_shared<std::vector<std::string>>();
  CLI::App* command = app.add_subcommand("merge", "joins the stores of the parts of a sweep");
  command->add_option("out", *out, "store that takes all runs; may exist")->required();
  command->add_option("parts", *parts, "stores of the parts")->required();
  command->footer(
      "Example:\n  alignproof merge all.sqlite 1.sqlite 2.sqlite\nExit code 3 if runs are "
      "missing.");
  command->callback(
      [out, parts, &action] { action = [out, parts] { return merge_command(*out, *parts); }; });
}

}  // namespace alignproof::cli
