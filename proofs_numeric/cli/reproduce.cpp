// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/report/writers.hpp>
#include <alignproof/statistics/equivalence.hpp>

#include "cli.hpp"
#include "run_sweep.hpp"
#include "run_table.hpp"
#include "to_stderr.hpp"

namespace alignproof::cli {

namespace {

namespace fs = std::filesystem;

struct ReproduceOptions {
  std::string reference, out = "reproduction", scale = "full", stores = ".";
  std::vector<std::string> runs;
  std::optional<long long> jobs, seeds;
  double margin = 0.05, level = 0.05;
};

/// Two runs or more, none of which diverged or never settled.
bool has_mean(const std::vector<double>& values) {
  return values.size() >= 2 &&
         std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

std::string in_words(const Cell& cell) {
  const auto& [psi, penalty, width] = cell;
  return fmt::format("{}, penalty {}, width {}", psi, penalty, width);
}

std::string in_words(const std::vector<Cell>& cells) {
  constexpr std::size_t most = 5;
  std::string words;
  for (std::size_t i = 0; i < std::min(most, cells.size()); ++i)
    words += (i ? "; " : "") + in_words(cells[i]);
  return words + (cells.size() > most ? fmt::format("; and {} more", cells.size() - most) : "");
}

/// "identity with penalties 0, 0.2 and widths 50, 100".
std::string grid_in_words(const Cells& cells) {
  std::map<std::string, std::pair<std::set<double>, std::set<double>>> values;
  for (const auto& [cell, runs] : cells) {
    const auto& [psi, penalty, width] = cell;
    values[psi].first.insert(penalty), values[psi].second.insert(width);
  }
  std::string words;
  for (const auto& [psi, of] : values)
    words += fmt::format("{}{} with penalties {} and widths {}", words.empty() ? "" : "; ", psi,
                         fmt::join(of.first, ", "), fmt::join(of.second, ", "));
  return words;
}

/// Says which cells of the reference will not be compared, since `ours` has none of their runs or
/// the reference has no two of them; throws InputError if that is all of them. `runs` says whose.
void require_common_cells(const Cells& theirs, const Cells& ours, const std::string& runs) {
  std::vector<Cell> lacking, single;
  for (const auto& [cell, values] : theirs)
    if (!ours.contains(cell))
      lacking.push_back(cell);
    else if (!has_mean(values))
      single.push_back(cell);
  const std::size_t compared = theirs.size() - lacking.size() - single.size();
  if (compared == 0 && lacking.empty())
    throw InputError("cells of the reference", in_words(single),
                     "two runs or more of a cell, all of which ended");
  if (compared == 0)
    throw InputError("cells of the reference", in_words(lacking),
                     fmt::format("cells that {} have: {}", runs, grid_in_words(ours)));
  if (!lacking.empty())
    to_stderr("{} of {} cells of the reference will be compared; {} have no {}\n", compared,
              theirs.size(), runs, in_words(lacking));
  if (!single.empty())
    to_stderr("the reference has no two runs that ended of {}\n", in_words(single));
}

/// A ready sweep and the cells of its grid, before any run.
struct Planned {
  std::string name;
  Sweep sweep;
  RunTable grid;
};

/// The ready sweeps of the reference's activations that have cells of it. Throws InputError if none
/// has, or if they make a cell otherwise than the reference says.
std::vector<Planned> planned(const RunTable& reference, const ReproduceOptions& options) {
  std::set<std::string> activations;
  for (const auto& [cell, values] : reference.cells()) activations.insert(std::get<0>(cell));
  const auto sweep_of = [](const std::string& psi) {
    return "alignment-" + (psi == "identity" ? std::string("linear") : psi);
  };
  std::vector<Planned> plans;
  Cells grid;
  for (const std::string& psi : activations) {
    const std::string name = sweep_of(psi);
    if (std::none_of(ready_sweeps().begin(), ready_sweeps().end(),
                     [&](const auto& ready) { return ready.first == name; }))
      throw InputError("activation of the reference", fmt::format("'{}'", one_line(psi)),
                       fmt::format("those of which there is a sweep {}", sweep_of("PSI")));
    std::vector<std::string> settings;
    if (options.seeds) settings.push_back(fmt::format("seeds = {}", *options.seeds));
    Planned plan{name, read_sweep(configuration_text(name), options.scale, {}, settings), {}};
    // Results that say nothing: only the grid is looked at.
    plan.grid.add(name, table(plan.sweep, std::vector<RunResult>(plan.sweep.runs.size())));
    plan.grid.require_alike(reference);
    grid.insert(plan.grid.cells().begin(), plan.grid.cells().end());
    plans.push_back(std::move(plan));
  }
  require_common_cells(reference.cells(), grid,
                       fmt::format("the ready sweeps at scale {}", options.scale));
  std::erase_if(plans, [&](const Planned& plan) {
    return std::none_of(reference.cells().begin(), reference.cells().end(), [&](const auto& cell) {
      return plan.grid.cells().contains(cell.first) && has_mean(cell.second);
    });
  });
  return plans;
}

/// Runs of these sweeps, each in its own store: made, or gone on with.
RunTable simulated(const RunTable& reference, const ReproduceOptions& options, Ranks& ranks) {
  RunTable ours;
  for (const Planned& plan : planned(reference, options)) {
    const auto jobs = static_cast<std::size_t>(
        options.jobs.value_or(static_cast<long long>(default_jobs(ranks))));
    const fs::path store = fs::path(options.stores) / default_store(plan.sweep, options.seeds);
    require_other_files(store, {options.reference});
    const auto results = run_sweep(plan.sweep, store, {}, jobs, ranks);
    ours.add(plan.name, table(plan.sweep, *results));
  }
  return ours;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}

Figure figure_of(const Cells& theirs, const Cells& ours) {
  Figure figure;
  figure.id = "reproduction";
  figure.title = "Alignment against width: ours and the reference";
  figure.caption = "Means of the runs of each cell with 95 % intervals.";
  figure.x_label = "width $p$", figure.y_label = "$\\cos(b, \\beta)$ at the end";
  figure.log_x = true;
  const bool several =
      !theirs.empty() && std::get<0>(theirs.begin()->first) != std::get<0>(theirs.rbegin()->first);
  for (const bool reference : {false, true}) {
    std::map<std::pair<std::string, double>, Series> series;
    for (const auto& [cell, values] : reference ? theirs : ours) {
      if (!theirs.contains(cell)) continue;
      const auto& [psi, penalty, width] = cell;
      Series& one = series[{psi, penalty}];
      one.name = fmt::format("{}{}, penalty {}", reference ? "reference" : "ours",
                             several ? ", " + psi : "", penalty);
      one.style = reference ? Series::Style::points : Series::Style::line;
      one.x.push_back(width), one.y.push_back(mean(values));
      const bool known = values.size() > 1 && std::isfinite(mean(values));
      const double nothing = std::nan("");
      const MeanInterval interval =
          known ? mean_interval(values, 0.05) : MeanInterval{nothing, nothing, nothing};
      one.low.push_back(interval.lower), one.high.push_back(interval.upper);
    }
    for (auto& [key, one] : series) figure.series.push_back(std::move(one));
  }
  return figure;
}

/// Throws InputError if the results would be written over what they are made from, or cannot be.
void require_results_apart(const ReproduceOptions& options) {
  require_writable(options.out);
  for (const char* name : {"cells.csv", "reproduction.svg"}) {
    const fs::path written = fs::path(options.out) / name;
    if (fs::is_directory(written))
      throw InputError("out", fmt::format("'{}'", options.out),
                       fmt::format("a folder in which {} is no folder", name));
    std::error_code error;  // what does not exist is no other
    bool same = fs::equivalent(written, options.reference, error);
    for (const std::string& file : options.runs)
      same = same || fs::equivalent(written, file, error);
    if (same)
      throw InputError("out", fmt::format("'{}'", options.out),
                       fmt::format("a folder whose {} is not among the tables", name));
  }
}

int reproduce_command(const ReproduceOptions& options) {
  Ranks ranks;
  if (ranks.size() > 1) {
    if (ranks.rank() > 0) return 0;  // rank 0 says why
    throw InputError("mpirun", fmt::format("{} processes", ranks.size()),
                     "mpirun alignproof sweep, then reproduce --runs with its table");
  }
  compare_means({0, 1}, {0, 1}, options.margin, options.level);  // refuses them before the runs
  if (options.level < 1e-12)
    throw InputError("level", fmt::format("{}", options.level), "1e-12 or more");
  if (options.jobs && (*options.jobs < 1 || *options.jobs > 4096))
    throw InputError("jobs", fmt::format("{}", *options.jobs), "1 to 4096");
  if (options.seeds && *options.seeds < 2)
    throw InputError("seeds", fmt::format("{}", *options.seeds), "2 or more: one has no interval");
  RunTable published, runs;
  published.add(options.reference);
  for (const std::string& file : options.runs) runs.add(file);
  require_results_apart(options);
  const Cells& theirs = published.cells();
  if (options.runs.empty()) runs = simulated(published, options, ranks);
  runs.require_alike(published);
  const Cells& ours = runs.cells();
  if (!options.runs.empty()) require_common_cells(theirs, ours, "the tables");
  std::vector<Cell> compared;
  std::vector<MeanComparison> comparisons;
  std::vector<double> apart, close;
  std::size_t without_mean = 0;
  for (const auto& [cell, values] : theirs) {
    compared.push_back(cell);
    const auto mine = ours.find(cell);
    MeanComparison comparison;  // knows nothing
    comparison.difference = comparison.lower = comparison.upper = std::nan("");
    if (mine != ours.end() && has_mean(mine->second) && has_mean(values))
      comparison = compare_means(mine->second, values, options.margin, options.level);
    else
      ++without_mean;
    comparisons.push_back(comparison);
    apart.push_back(comparison.p_apart), close.push_back(comparison.p_close);
  }
  const std::vector<double> holm_apart = holm(apart), holm_close = holm(close);
  std::string csv =
      "activation,reg,width,reference_runs,runs,reference_mean,mean,difference,lower,upper,"
      "adjusted_p_equivalent,adjusted_p_different,verdict\n";
  std::vector<Verdict> verdicts;
  std::size_t equivalent = 0, different = 0;
  fmt::print("{:<10}{:>8}{:>8}  {:>9}{:>9}{:>9}  {:<20}verdict\n", "activation", "reg", "width",
             "theirs", "ours", "diff", fmt::format("{:g} % interval", 100 * (1 - options.level)));
  for (std::size_t i = 0; i < compared.size(); ++i) {
    const auto& [psi, penalty, width] = compared[i];
    const MeanComparison& c = comparisons[i];
    const std::string margin = fmt::format("margin {} at level {}", options.margin, options.level);
    verdicts.push_back(holm_apart[i] <= options.level   ? Verdict::holds(margin)
                       : holm_close[i] <= options.level ? Verdict::refuted(margin)
                                                        : Verdict::undecided(margin));
    const std::string word(to_string(verdicts.back().kind()));
    equivalent += verdicts.back().kind() == VerdictKind::holds;
    different += verdicts.back().kind() == VerdictKind::refuted;
    const std::vector<double> none;
    const auto found = ours.find(compared[i]);
    const std::vector<double>& mine = found == ours.end() ? none : found->second;
    const double our_mean = mine.empty() ? std::nan("") : mean(mine);
    const std::vector<double>& reference = theirs.at(compared[i]);
    fmt::print("{:<10}{:>8}{:>8}  {:>9.4f}{:>9.4f}{:>9.4f}  {:<20}{}\n", psi, penalty, width,
               mean(reference), our_mean, c.difference,
               fmt::format("[{:.4f}, {:.4f}]", c.lower, c.upper), word);
    csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{}\n", psi, penalty, width,
                       reference.size(), mine.size(), mean(reference), our_mean, c.difference,
                       c.lower, c.upper, holm_apart[i], holm_close[i], word);
  }
  fmt::print(
      "{} of {} cells agree within {}, {} differ by more, {} undecided (family level {}, "
      "Holm)\n",
      equivalent, compared.size(), options.margin, different,
      compared.size() - equivalent - different, options.level);
  if (without_mean > 0)
    fmt::print("{} undecided without two runs or more on each side, all of which ended\n",
               without_mean);
  write_files(options.out,
              {{"cells.csv", csv}, {"reproduction.svg", to_svg_file(figure_of(theirs, ours))}});
  fmt::print("Written: {0}/cells.csv, {0}/reproduction.svg\n", options.out);
  return exit_code(verdicts);
}

}  // namespace

void add_reproduce(CLI::App& app, Action& action) {
  auto options = std::make_shared<ReproduceOptions>();
  CLI::App* command = app.add_subcommand(
      "reproduce", "is a table of simulated runs equivalent to a reference, cell by cell?");
  command
      ->add_option("--reference", options->reference,
                   "CSV with columns for width, alignment, reg(ularization) and activation")
      ->required();
  CLI::Option* runs =
      command
          ->add_option("--runs", options->runs,
                       "tables that sweeps wrote, or any such CSV (default: runs the ready\n"
                       "sweeps of the reference's activations, or goes on with their stores)")
          ->delimiter(',');
  command->add_option("--scale", options->scale, "of these sweeps: smoke, small or full")
      ->capture_default_str()
      ->excludes(runs);
  command->add_option("--seeds", options->seeds, "of these sweeps: runs of each cell")
      ->check(whole_number())
      ->excludes(runs);
  command->add_option("--stores", options->stores, "folder of their stores")
      ->capture_default_str()
      ->excludes(runs);
  command->add_option("--jobs", options->jobs, "threads (default: one a processor)")
      ->check(whole_number());
  add_number(*command, "--margin", options->margin,
             "difference of mean cosines that counts as none; fix it beforehand");
  add_number(*command, "--level", options->level,
             "probability of any wrong verdict among the cells, each of both kinds");
  command->add_option("--out", options->out, "folder of cells.csv and reproduction.svg")
      ->capture_default_str();
  command->footer(
      "Examples:\n  alignproof reproduce --reference published.csv\n"
      "  alignproof reproduce --reference published.csv --runs linear.csv,more.csv\nExit codes: 0 "
      "all "
      "cells equivalent, 1 a cell differs by more than the margin,\n3 a cell undecided.");
  command->callback([options, &action] {
    action = [options] {
      options->runs = file_list(options->runs);
      return reproduce_command(*options);
    };
  });
}

}  // namespace alignproof::cli
