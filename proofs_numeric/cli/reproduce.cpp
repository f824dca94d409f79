// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/report/writers.hpp>
#include <alignproof/sweeps/published.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "output.hpp"
#include "ranks.hpp"
#include "reproduce.hpp"
#include "resources.hpp"
#include "shared_options.hpp"
#include "sweep_bar.hpp"
#include "to_stderr.hpp"

namespace alignproof::cli {

namespace {

namespace fs = std::filesystem;

/// Which cells of the reference will not be compared, and why.
void say(const CellChoice& choice, std::size_t of, const std::string& whose) {
  if (!choice.lacking.empty())
    to_stderr("{} of {} cells of the reference will be compared; {} have no {}\n", choice.compared,
              of, whose, in_words(choice.lacking));
  if (!choice.without_mean.empty())
    to_stderr("the reference has no two runs that ended of {}\n", in_words(choice.without_mean));
}

/// Runs of the ready sweeps, each in its own store: made, or gone on with.
RunTable simulated(const RunTable& reference, const ReproduceOptions& options,
                   std::size_t on_this_machine, Ranks& ranks) {
  const PlannedSweeps planned = sweeps_for(reference, options.scale, options.seeds);
  say(planned.choice, reference.cells().size(), planned.whose);
  SweepWork work;
  work.jobs = threads_for(options.jobs, on_this_machine);
  RunTable ours;
  for (const Sweep& sweep : planned.sweeps) {
    work.store = fs::path(options.stores) / default_store(sweep, options.seeds);
    require_other_files(work.store, {options.reference});
    const auto stored = run_with_bar(sweep, work, ranks);
    ours.add(sweep.name, table(sweep, stored->tables->results));
  }
  return ours;
}

int reproduce_command(const ReproduceOptions& options) {
  MpiRanks processes;
  Ranks ranks(processes);
  require_comparable(options.margin, options.level);
  threads_for(options.jobs);
  if (options.seeds && *options.seeds < 2)
    throw InputError("seeds", fmt::format("{}", *options.seeds), "2 or more: one has no interval");
  RunTable reference, runs;
  reference.add(options.reference);
  for (const std::string& file : options.runs) runs.add(file);
  if (options.runs.empty() && !is_folder(options.stores))
    throw InputError("stores", fmt::format("'{}'", options.stores), "a folder that exists");
  const std::vector<std::string> results = {"cells.csv", "reproduction.svg"};
  const ResultFolder folder(options.out, results);
  require_results_apart(options, results);
  if (options.runs.empty())
    runs = simulated(reference, options, processes.on_this_machine(), ranks);
  runs.require_alike(reference);
  if (!options.runs.empty())
    say(comparable_cells(reference.cells(), runs.cells(), "the tables"), reference.cells().size(),
        "the tables");
  const TableComparison comparison =
      compare_tables(reference.cells(), runs.cells(), options.margin, options.level);
  write_files(options.out, {{"cells.csv", table(comparison)},
                            {"reproduction.svg", to_svg_file(figure_of(comparison))}});
  // After the files: a reader of standard output may end at any line.
  fmt::print("{}", in_text(comparison));
  fmt::print("Written: {0}/cells.csv, {0}/reproduction.svg\n", options.out);
  return exit_code(comparison.verdicts());
}

}  // namespace

void require_results_apart(const ReproduceOptions& options, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const fs::path written = fs::path(options.out) / name;
    if (is_folder(written))
      throw InputError("out", fmt::format("'{}'", options.out),
                       fmt::format("a folder in which {} is no folder", name));
    std::error_code error;  // what does not exist is no other
    bool same = fs::equivalent(written, options.reference, error);
    for (const auto* files : {&options.runs, &options.predicted})
      for (const std::string& file : *files) same = same || fs::equivalent(written, file, error);
    if (same)
      throw InputError("out", fmt::format("'{}'", options.out),
                       fmt::format("a folder whose {} is not among the tables", name));
  }
}

std::string in_text(const TableComparison& comparison) {
  std::string text = fmt::format("{:<10}{:>7}{:>7} {:>8}{:>8}{:>8} {:<19}verdict\n", "activation",
                                 "reg", "width", "theirs", "ours", "diff",
                                 fmt::format("{:g} % interval", 100 * (1 - comparison.level)));
  for (const ComparedCell& c : comparison.cells)
    text += fmt::format(
        "{:<10}{:>7}{:>7} {:>8.4f}{:>8.4f}{:>8.4f} {:<19}{}\n", c.cell.activation, c.cell.penalty,
        c.cell.width, mean_of(c.theirs), mean_of(c.ours), c.means.difference,
        fmt::format("[{:.4f}, {:.4f}]", c.means.lower, c.means.upper), to_string(c.verdict.kind()));
  text += fmt::format(
      "{} of {} cells agree within {}, {} differ by more, {} undecided\n"
      "(family level {}, Holm)\n",
      comparison.count(VerdictKind::holds), comparison.cells.size(), comparison.margin,
      comparison.count(VerdictKind::refuted), comparison.count(VerdictKind::undecided),
      comparison.level);
  if (comparison.without_mean > 0)
    text += fmt::format("{} undecided without two runs or more on each side, all of which ended\n",
                        comparison.without_mean);
  return text;
}

namespace {

/// Options that mean nothing beside the others are refused.
void require_fitting(const CLI::App& command, const ReproduceOptions& options) {
  const auto refuse = [&](const char* name, const char* accepted) {
    if (command.count(name) > 0)
      throw InputError(name, fmt::format("'{}'", command.get_option(name)->results()[0]), accepted);
  };
  if (options.predicts()) {
    for (const char* of_runs : {"--stores", "--seeds", "--instructions"})
      refuse(of_runs, "none where a table is predicted: no network is run");
    if (!options.predict.empty()) return;
    for (const char* of_work : {"--scale", "--data-sets", "--particles", "--seed"})
      refuse(of_work, "none with --predicted: those tables are made");
    return;
  }
  for (const char* of_prediction : {"--data-sets", "--particles", "--seed"})
    refuse(of_prediction, "it with --predict alone");
  if (options.reference.empty())
    throw InputError("reference", "none", "a table, or --predict NAME");
  if (options.runs.empty()) return;
  for (const char* of_sweeps : {"--scale", "--seeds", "--stores", "--instructions"})
    refuse(of_sweeps, "none with --runs: no sweep is run");
}

}  // namespace

void add_reproduce(CLI::App& app, Action& action) {
  auto options = std::make_shared<ReproduceOptions>();
  CLI::App* command = app.add_subcommand(
      "reproduce", "is a table of simulated runs equivalent to a reference, cell by cell?");
  command
      ->add_option("--reference", options->reference,
                   "CSV with columns for width, alignment, reg(ularization) and activation")
      ->check(given("a file"));
  add_list(*command, "--runs", options->runs,
           "tables that sweeps wrote, or any such CSV (default: runs the ready\n"
           "sweeps of the reference's activations, or goes on with their stores)");
  CLI::Option* predict =
      add_list(*command, "--predict", options->predict,
               "configurations of sweeps, files or ready ones: predicts their tables by\n"
               "the law, without a run, beside --runs and --reference if they are given");
  add_list(*command, "--predicted", options->predicted,
           "the same of tables that --predict wrote, without the work")
      ->excludes(predict);
  add_count(*command, "--data-sets", options->data_sets, "of each cell that is predicted");
  command
      ->add_option("--particles", options->particles,
                   "hidden units that stand for all in a prediction (default: by the\n"
                   "activation)")
      ->check(whole_number());
  add_count(*command, "--seed", options->seed,
            "of the first predicted data set; runs begin with 1");
  add_scale(*command, options->scale, "of these sweeps: ");
  add_sweep_seeds(*command, options->seeds, "of these sweeps: runs of each cell");
  command->add_option("--stores", options->stores, "folder of their stores")
      ->capture_default_str()
      ->check(given("a folder"));
  add_jobs(*command, options->jobs);
  add_instructions(*command);
  add_number(*command, "--margin", options->margin,
             "difference of mean cosines that counts as none; fix it beforehand");
  add_number(*command, "--level", options->level,
             "probability of any wrong verdict among the cells, each of both kinds");
  add_out_folder(*command, options->out,
                 "folder of cells.csv and reproduction.svg; of a prediction: of\n"
                 "predicted.csv, cells.csv, predicted.svg and predicted.html");
  command->footer(
      "Examples:\n  alignproof reproduce --reference published.csv\n"
      "  alignproof reproduce --reference published.csv --runs linear.csv,more.csv\n"
      "  alignproof reproduce --predict alignment-tanh --runs tanh.csv --out predicted\n" +
      exit_codes("all cells are equivalent", "a cell differs by more than the margin",
                 "a cell is undecided"));
  command->callback([options, command, &action] {
    action = [options, command] {
      for (auto* files : {&options->runs, &options->predict, &options->predicted})
        *files = file_list(*files);
      require_fitting(*command, *options);
      return options->predicts() ? predict_command(*options) : reproduce_command(*options);
    };
  });
}

}  // namespace alignproof::cli
