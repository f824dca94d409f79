// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

#include <alignproof/core/error.hpp>
#include <alignproof/core/verdict.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/report/writers.hpp>
#include <alignproof/statistics/equivalence.hpp>

#include "cli.hpp"
#include "run_sweep.hpp"

namespace alignproof::cli {

namespace {

namespace fs = std::filesystem;

struct ReproduceOptions {
  std::string reference, out = "reproduction", scale = "full", stores = ".";
  std::vector<std::string> runs;
  std::optional<long long> jobs, seeds;
  double margin = 0.05, level = 0.05;
};

/// Activation, penalty, width.
using Cell = std::tuple<std::string, double, double>;
using Cells = std::map<Cell, std::vector<double>>;

/// The fields of a line without their quotes; inside quotes a doubled quote stands for one.
std::vector<std::string> fields_of(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quoted && line.substr(i, 2) == "\"\"")
      fields.back() += line[i++];
    else if (line[i] == '"')
      quoted = !quoted;
    else if (line[i] == ',' && !quoted)
      fields.emplace_back();
    else
      fields.back() += line[i];
  }
  return fields;
}

/// The column whose heading has one of these words in it, whatever else stands there.
std::size_t column(const std::vector<std::string>& heading, const std::vector<std::string>& words,
                   const std::string& file) {
  for (const std::string& word : words)
    for (std::size_t i = 0; i < heading.size(); ++i) {
      std::string name = heading[i];
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
      if (name.find(word) != std::string::npos) return i;
    }
  throw InputError("heading of " + file,
                   fmt::format("'{}'", one_line(fmt::format("{}", fmt::join(heading, ",")))),
                   fmt::format("one with a column '{}'", words.front()));
}

/// What must not vary within a cell, where a table has such columns.
constexpr const char* fixed_columns[] = {"rule",   "dropout",    "schedule", "form",
                                         "number", "inputs",     "targets",  "n",
                                         "d",      "input_norm", "step"};

/// What tables say of each cell, several of them together.
class Runs {
 public:
  /// Throws InputError on lines that cannot be, and on a run that an earlier table has otherwise.
  void add(const std::string& file, const std::string& text);
  void add(const std::string& file) {
    if (!fs::is_regular_file(file))
      throw InputError("file", fmt::format("'{}'", file), "a CSV file that exists");
    add(file, read_file(file));
  }
  const Cells& cells() const { return cells_; }

 private:
  struct Run {
    std::string file, alignment;
  };
  Cells cells_;
  std::map<std::pair<Cell, std::string>, std::string> fixed_;
  std::map<std::pair<Cell, std::string>, Run> by_seed_;
};

void Runs::add(const std::string& file, const std::string& text) {
  std::istringstream in(text);
  std::string line;
  std::getline(in, line);
  const std::vector<std::string> heading = fields_of(line);
  const std::size_t width = column(heading, {"width"}, file),
                    alignment = column(heading, {"alignment"}, file),
                    penalty = column(heading, {"reg"}, file),
                    activation = column(heading, {"activation"}, file);
  const auto named = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(heading.begin(), heading.end(), name) -
                                    heading.begin());
  };
  for (std::size_t number = 2; std::getline(in, line); ++number) {
    const std::vector<std::string> fields = fields_of(line);
    const auto value = [&](std::size_t i, bool finite) {
      const std::string text = i < fields.size() ? fields[i] : "";
      char* end = nullptr;
      const double x = std::strtod(text.c_str(), &end);
      if (text.empty() || *end != '\0' || (finite && !std::isfinite(x)))
        throw InputError(fmt::format("line {} of {}", number, file),
                         fmt::format("'{}'", one_line(line)),
                         fmt::format("numbers for '{}'", one_line(heading[i])));
      return x;
    };
    std::string psi = activation < fields.size() ? fields[activation] : "";
    if (psi == "non" || psi == "linear") psi = "identity";
    const Cell cell{psi, value(penalty, true), value(width, true)};
    for (const std::string name : fixed_columns) {
      const std::size_t at = named(name);
      if (at >= fields.size()) continue;
      const auto [known, is_new] = fixed_.try_emplace({cell, name}, fields[at]);
      if (!is_new && known->second != fields[at])
        throw InputError(
            fmt::format("line {} of {}", number, file),
            fmt::format("'{}' with {} = {}", one_line(line), name, one_line(fields[at])),
            fmt::format("{} in all runs of a cell, as before", one_line(known->second)));
    }
    // The rule by which runs end has no end for one that never settles: it has no value.
    const std::size_t ended = named("ended");
    const bool unsettled = ended < fields.size() && fields[ended] == "unsettled";
    const double cosine = value(alignment, false);
    if (std::abs(cosine) > 1)
      throw InputError(fmt::format("line {} of {}", number, file),
                       fmt::format("'{}'", one_line(line)), "an alignment from -1 to 1");
    if (const std::size_t seed = named("seed"); seed < fields.size()) {
      const auto [known, is_new] =
          by_seed_.try_emplace({cell, fields[seed]}, Run{file, fields[alignment]});
      if (!is_new && known->second.file == file)
        throw InputError(fmt::format("line {} of {}", number, file),
                         fmt::format("'{}'", one_line(line)), "each seed of a cell once");
      if (!is_new && known->second.alignment != fields[alignment])
        throw InputError(fmt::format("line {} of {}", number, file),
                         fmt::format("'{}'", one_line(line)),
                         fmt::format("the alignment that this run has in {}", known->second.file));
      if (!is_new) continue;
    }
    cells_[cell].push_back(unsettled ? std::nan("") : cosine);
  }
}

/// The ready sweeps of the reference's activations, each in its own store: made, or gone on with.
Cells simulated(const Cells& reference, const ReproduceOptions& options) {
  Ranks ranks;
  if (ranks.size() > 1)
    throw InputError("mpirun", fmt::format("{} processes", ranks.size()),
                     "mpirun alignproof sweep, then reproduce --runs with its table");
  std::set<std::string> activations;
  for (const auto& [cell, values] : reference) activations.insert(std::get<0>(cell));
  Runs ours;
  const auto sweep_of = [](const std::string& psi) {
    return "alignment-" + (psi == "identity" ? std::string("linear") : psi);
  };
  for (const std::string& psi : activations)  // before the runs
    if (std::none_of(ready_sweeps().begin(), ready_sweeps().end(),
                     [&](const auto& ready) { return ready.first == sweep_of(psi); }))
      throw InputError("activation of the reference", fmt::format("'{}'", one_line(psi)),
                       fmt::format("those of which there is a sweep {}", sweep_of("PSI")));
  for (const std::string& psi : activations) {
    const std::string name = sweep_of(psi);
    std::vector<std::string> settings;
    if (options.seeds) settings.push_back(fmt::format("seeds = {}", *options.seeds));
    const Sweep sweep = read_sweep(configuration_text(name), options.scale, {}, settings);
    const auto jobs = static_cast<std::size_t>(
        options.jobs.value_or(static_cast<long long>(default_jobs(ranks))));
    const auto results = run_sweep(
        sweep, fs::path(options.stores) / default_store(sweep, options.seeds), {}, jobs, ranks);
    ours.add(name, table(sweep, *results));
  }
  return ours.cells();
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}

/// Two runs or more, none of which diverged or never settled.
bool has_mean(const std::vector<double>& values) {
  return values.size() >= 2 &&
         std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
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

int reproduce_command(const ReproduceOptions& options) {
  compare_means({0, 1}, {0, 1}, options.margin, options.level);  // refuses them before the runs
  if (options.level < 1e-12)
    throw InputError("level", fmt::format("{}", options.level), "1e-12 or more");
  require_writable(options.out);
  if (options.jobs && (*options.jobs < 1 || *options.jobs > 4096))
    throw InputError("jobs", fmt::format("{}", *options.jobs), "1 to 4096");
  Runs published, given;
  published.add(options.reference);
  for (const std::string& file : options.runs) given.add(file);
  const Cells& theirs = published.cells();
  const Cells ours = options.runs.empty() ? simulated(theirs, options) : given.cells();
  std::vector<Cell> compared;
  std::vector<MeanComparison> comparisons;
  std::vector<double> apart, close;
  for (const auto& [cell, values] : theirs) {
    compared.push_back(cell);
    const auto mine = ours.find(cell);
    MeanComparison comparison;  // knows nothing
    comparison.difference = comparison.lower = comparison.upper = std::nan("");
    if (mine != ours.end() && has_mean(mine->second) && has_mean(values))
      comparison = compare_means(mine->second, values, options.margin, options.level);
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
  command
      ->add_option("--runs", options->runs,
                   "tables that sweeps wrote, or any such CSV (default: runs the ready\n"
                   "sweeps of the reference's activations, or goes on with their stores)")
      ->delimiter(',');
  command->add_option("--scale", options->scale, "of these sweeps: smoke, small or full")
      ->capture_default_str();
  command->add_option("--seeds", options->seeds, "of these sweeps: runs of each cell")
      ->check(whole_number());
  command->add_option("--stores", options->stores, "folder of their stores")->capture_default_str();
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
  command->callback(
      [options, &action] { action = [options] { return reproduce_command(*options); }; });
}

}  // namespace alignproof::cli
