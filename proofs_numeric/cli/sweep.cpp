// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <numeric>
#include <thread>

#include <fmt/format.h>

#include <alignproof/core/parallel.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/sweeps/store.hpp>

#include "cli.hpp"
#include "progress_bar.hpp"

namespace alignproof::cli {

namespace {

namespace fs = std::filesystem;

struct SweepOptions {
  std::string configuration, scale = "full", store, shard;
  long long jobs = std::max(1u, std::thread::hardware_concurrency());
};

/// Part `index` of `of`, from 1.
struct Shard {
  std::size_t index = 1, of = 1;
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

/// The longest first, so that no thread is left with a long run at the end.
std::vector<std::size_t> to_do(const RunStore& store, const Shard& shard) {
  const auto& runs = store.sweep().runs;
  std::vector<std::size_t> order(runs.size()), mine;
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return cost(runs[a]) > cost(runs[b]); });
  const std::vector<bool> done = store.done();
  for (std::size_t k = shard.index - 1; k < order.size(); k += shard.of)
    if (!done[order[k]]) mine.push_back(order[k]);
  return mine;
}

void write_table(const RunStore& store, const fs::path& file) {
  fs::path table = file;
  table.replace_extension(".csv");
  write_file(table, store.table());
  fmt::print("{} runs, all done. Table: {}\n", store.sweep().runs.size(), table.string());
}

int sweep_command(const SweepOptions& options) {
  if (options.jobs < 1 || options.jobs > 4096)
    throw InputError("jobs", fmt::format("{}", options.jobs), "1 to 4096");
  const Shard shard = shard_from(options.shard);
  if (!fs::is_regular_file(options.configuration))
    throw InputError("configuration", fmt::format("'{}'", options.configuration),
                     "a TOML file that exists");
  const Sweep sweep = read_sweep(read_file(options.configuration), options.scale);
  fs::path file = options.store;
  if (file.empty())
    file = shard.of == 1 ? fmt::format("{}-{}.sqlite", sweep.name, options.scale)
                         : fmt::format("{}-{}-{}-of-{}.sqlite", sweep.name, options.scale,
                                       shard.index, shard.of);
  // A file that would grow too long is an error of writing, not the end of the program.
  std::signal(SIGXFSZ, SIG_IGN);
  RunStore store(file, sweep);
  const std::vector<std::size_t> places = to_do(store, shard);
  {
    ProgressBar bar(sweep.name);
    // In thousandths of the whole cost, so that the time left follows the work left.
    double whole = 0;
    for (const std::size_t place : places) whole += cost(sweep.runs[place]);
    constexpr double units = 1e6;
    bar.expect(static_cast<std::size_t>(units));
    parallel_for(places.size(), static_cast<std::size_t>(options.jobs), [&](std::size_t k) {
      const RunSpec& spec = sweep.runs[places[k]];
      const auto start = std::chrono::steady_clock::now();
      const RunResult result = execute(spec);
      const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
      store.add(places[k], result, took.count());
      bar.advance(static_cast<std::size_t>(units * cost(spec) / whole));
    });
  }
  const std::vector<bool> done = store.done();
  const auto count = static_cast<std::size_t>(std::count(done.begin(), done.end(), true));
  if (count == done.size())
    write_table(store, file);
  else
    fmt::print("{} of {} runs done, in {} (see alignproof merge)\n", count, done.size(),
               file.string());
  return 0;
}

int merge_command(const std::string& out, const std::vector<std::string>& parts) {
  std::optional<RunStore> whole;
  for (const std::string& part : parts) {
    const RunStore from{fs::path(part)};
    if (!whole) whole.emplace(fs::path(out), from.sweep());
    whole->merge(from);
  }
  const std::vector<bool> done = whole->done();
  const auto missing = std::count(done.begin(), done.end(), false);
  if (missing > 0) {
    fmt::print("{} of {} runs are missing in {}\n", missing, done.size(), out);
    return 3;
  }
  write_table(*whole, out);
  return 0;
}

}  // namespace

void add_sweep(CLI::App& app, Action& action) {
  auto options = std::make_shared<SweepOptions>();
  CLI::App* command = app.add_subcommand(
      "sweep", "a grid of simulated runs, kept in a store; goes on where it was");
  command
      ->add_option("configuration", options->configuration, "TOML file, see reports/docs/sweeps.md")
      ->required();
  command->add_option("--scale", options->scale, "smoke, small or full")->capture_default_str();
  command->add_option("--store", options->store, "SQLite file (default: NAME-SCALE.sqlite)");
  command->add_option("--shard", options->shard, "i/N: only this part; merge joins the stores");
  command->add_option("--jobs", options->jobs, "threads; the result does not depend on it")
      ->capture_default_str()
      ->check(whole_number());
  command->footer(
      "Examples:\n  alignproof sweep proofs_numeric/simulations/alignment-tanh.toml --scale smoke\n"
      "  alignproof sweep proofs_numeric/simulations/alignment-relu.toml --shard 1/2 --store "
      "1.sqlite\nInterrupted in any way, the same command goes on. The table is written beside the "
      "store.");
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
