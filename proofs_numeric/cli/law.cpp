// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <map>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <Eigen/Eigenvalues>

#include <alignproof/core/limits.hpp>
#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/dynamics/law_widths.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/network/csv.hpp>
#include <alignproof/report/writers.hpp>
#include <alignproof/sweeps/law_summary.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "output.hpp"
#include "progress_bar.hpp"
#include "resources.hpp"
#include "shared_options.hpp"

namespace alignproof::cli {

namespace {

struct LawOptions {
  InstanceOptions data;
  std::string kernel, out;
  double lambda = 1, eta = 0.2, tau = 2;
  long long points = 10, seeds = 60, steps_after = 5000;
  std::vector<long long> widths;
  std::optional<long long> jobs;
};

constexpr double order_level = 1e-6;  ///< each limit of the exponent errs with this probability
constexpr double longest_run = 1e9;   ///< steps

/// A table of K and, as its last column, y.
LawSetting read_kernel(const std::string& file) {
  const CsvTable read = read_csv_table(file, {});
  if (!read.classes.empty())
    throw InputError(fmt::format("y in {}", file), fmt::format("'{}'", read.classes[0]),
                     "numbers: the law has no classes");
  const Data& table = read.data;
  if (table.X.rows() != table.X.cols())
    throw InputError("kernel",
                     fmt::format("{} rows of {} numbers", table.X.rows(), table.X.cols() + 1),
                     "n rows of n + 1 numbers, K and y");
  return law_setting("K of " + file, matrix_from<double>(table.X), table.y);
}

LawSetting setting_of(const LawOptions& options) {
  if (!options.kernel.empty()) return read_kernel(options.kernel);
  if (options.data.outputs != 1)
    throw InputError("outputs", fmt::format("{}", options.data.outputs),
                     "1: the law has one output");
  return law_setting(options.data.make_data());
}

void require_valid(const LawOptions& options) {
  require_positive("lambda", options.lambda);
  require_positive("eta", options.eta);
  require_not_negative("tau", options.tau);
  if (options.points < 1 || options.points > 100000)
    throw InputError("points", fmt::format("{}", options.points), "1 to 100000");
  if (options.steps_after < 0)
    throw InputError("steps-after", fmt::format("{}", options.steps_after), "a whole number >= 0");
  require_seeds(options.seeds, order_level, ": the intervals ask for so many");
  threads_for(options.jobs);
  require_memory(static_cast<double>(options.widths.size()) * static_cast<double>(options.seeds) *
                     static_cast<double>(options.points) * 2 * sizeof(double),
                 "the courses of all runs", "fewer points, seeds or widths");
  if (options.widths.size() == 1) throw InputError("widths", "one", "none, or two and more");
  for (long long p : options.widths) {
    if (p < 1 || p > 1000000000000000)
      throw InputError("width", fmt::format("{}", p), "1 to 10^15");
    const double steps = options.tau * std::sqrt(static_cast<double>(p)) / options.eta;
    if (!(steps <= longest_run))
      throw InputError("width", fmt::format("{}", p),
                       fmt::format("one that reaches tau within 10^9 steps, not {:.2g}: a larger "
                                   "eta or a smaller tau",
                                   steps));
  }
}

void print_law(const LawOptions& options, const LawSetting& setting,
               const std::vector<LawPoint>& points) {
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(setting.K, Eigen::EigenvaluesOnly);
  const double gamma = solver.eigenvalues()(0), most = solver.eigenvalues().maxCoeff();
  fmt::print("{}: K has eigenvalues {:.6g} to {:.6g}; |y| = {:.6g}\n", setting.data.name, gamma,
             most, setting.y.norm());
  fmt::print("lambda = {}, eta = {}; tau = eta t / sqrt p\n\n", options.lambda, options.eta);
  const double isometric = isometric_gamma(setting.K);
  const bool definite = gamma > 1e-12 * most;
  fmt::print("{:>10} {:>10} {:>10} {:>10} {:>10} {:>10}\n", "tau", "cosine", "after cut",
             isometric > 0 ? "closed" : "guaranteed", "|e|", "stability");
  bool crossed = false;
  for (const LawPoint& point : points) {
    const double stability = options.eta * (options.lambda + point.curvature);
    std::string fourth = "-";
    if (isometric > 0)
      fourth = fmt::format(
          "{:.7f}", isometric_cosine(isometric, options.lambda, setting.y.norm(), point.tau));
    else if (definite)
      fourth = fmt::format("{:.7f}",
                           guaranteed_cosine(conditioning(setting.K, setting.y, options.lambda),
                                             options.lambda, point.tau));
    fmt::print("{:10.5g} {:10.7f} {:10.7f} {:>10} {:10.3e} {:10.4f}{}\n", point.tau, point.cosine,
               point.cosine_after_cut, fourth, point.error, stability,
               stability >= 2 && !crossed ? " lost" : "");
    crossed = crossed || stability >= 2;
  }
  fmt::print("\nstability: eta (lambda + lambda_max(K + zeta zeta^T)); the law applies below 2.\n");
  if (!isometric) fmt::print("guaranteed: after a cut there, at least (claim T3K).\n");
  if (isometric > 0 && options.eta * (options.lambda + isometric) < 2)
    fmt::print("stability is lost at the cosine {:.7f}.\n",
               onset_cosine(isometric, options.lambda, options.eta));
}

WidthRuns measured(const LawOptions& options, const LawSetting& setting,
                   const std::vector<double>& times) {
  LawWidths widths;
  widths.widths.assign(options.widths.begin(), options.widths.end());
  widths.seeds = static_cast<std::size_t>(options.seeds);
  widths.lambda = options.lambda, widths.eta = options.eta;
  widths.steps_after = static_cast<std::size_t>(options.steps_after);
  widths.seed = static_cast<std::uint64_t>(options.data.seed);
  ProgressBar progress("runs");
  return run_widths(setting, widths, times, threads_for(options.jobs), progress);
}

void print_order(const char* what, const LawOrder& found) {
  fmt::print(
      "{}: p^{:.3f}, interval [{:.3f}, {:.3f}], each limit wrong with\nprobability <= {}; "
      "{} runs a width; -0.5 is proved\n",
      what, found.order.exponent, found.order.lower, found.order.upper, order_level,
      found.order.tuples);
}

/// Before and after the cut.
struct Orders {
  LawOrder with_penalty, after_cut;
};

void print_widths(const LawOptions& options, const std::vector<double>& widths,
                  const Orders& orders) {
  const auto& [during, after] = orders;
  fmt::print("\nat tau = {}, {} runs a width; median |cosine - law|\n\n", options.tau,
             options.seeds);
  fmt::print("{:>8} {:>11} {:>11} {:>11} {:>11} {:>11}\n", "p", "steps", "cosine", "|gap|",
             "after cut", "|gap|");
  for (std::size_t w = 0; w < widths.size(); ++w)
    fmt::print("{:8.0e} {:11} {:11.8f} {:11.2e} {:11.8f} {:11.2e}\n", widths[w],
               steps_until(options.tau, options.eta, widths[w]), during.cosine[w], during.gap[w],
               after.cosine[w], after.gap[w]);
  fmt::print("{:>8} {:>11} {:11.8f} {:>11} {:11.8f}\n\n", "law", "", during.law, "", after.law);
  print_order("|cosine - law|", during);
  print_order("after the cut", after);
}

void write_law(const LawOptions& options, const LawSetting& setting,
               const std::vector<LawPoint>& points, const WidthRuns& runs,
               const std::optional<Orders>& orders) {
  const std::string caption = fmt::format("{}, $\\lambda = {}$, $\\eta = {}$; one run a width.",
                                          setting.data.name, options.lambda, options.eta);
  std::map<std::string, std::string> files = {
      {"law.csv", table(points)}, {"law.svg", to_svg_file(law_course(caption, points, runs))}};
  if (!options.widths.empty()) files["widths.csv"] = table(runs);
  if (orders)
    files["law-order.svg"] = to_svg_file(law_distance(
        fmt::format("{}. Medians over runs; the dashed line has slope $-1/2$.", setting.data.name),
        runs.p, orders->with_penalty, orders->after_cut));
  write_files(options.out, files);
}

int law_command(const LawOptions& options) {
  require_valid(options);
  const LawSetting setting = setting_of(options);
  std::optional<ResultFolder> folder;
  if (!options.out.empty()) {
    const std::vector<std::string> names{"law.csv", "law.svg", "widths.csv", "law-order.svg"};
    std::vector<std::string> read = options.data.files();
    read.push_back(options.kernel);
    for (const std::string& name : names)
      require_apart(std::filesystem::path(options.out) / name, read);
    folder.emplace(options.out, names);
  }
  const auto times = slow_times(options.tau, static_cast<std::size_t>(options.points));
  const auto points = alignment_law(setting.K, setting.y, options.lambda, times);
  WidthRuns runs;
  std::optional<Orders> orders;
  if (!options.widths.empty()) {
    runs = measured(options, setting, times);
    if (!runs.any_diverged())
      orders = {law_order(runs, points.back(), LawCosine::with_penalty, order_level),
                law_order(runs, points.back(), LawCosine::after_cut, order_level)};
  }
  // Files first: a reader of standard output may end at any line.
  if (!options.out.empty()) write_law(options, setting, points, runs, orders);
  print_law(options, setting, points);
  if (orders)
    print_widths(options, runs.p, *orders);
  else if (!options.widths.empty())
    fmt::print("\nruns diverged: the penalty was kept beyond the onset of instability\n");
  return 0;
}

}  // namespace

void add_law(CLI::App& app, Action& action) {
  auto options = std::make_shared<LawOptions>();
  CLI::App* command = app.add_subcommand(
      "law", "the alignment law of linear networks, p -> infinity, and runs of finite width");
  options->data.add_data_to(*command);
  CLI::Option* kernel =
      command->add_option("--kernel", options->kernel, "table of K instead, its last column is y")
          ->check(given("a file"));
  for (const DataSource& source : data_sources()) {
    if (!source.option.empty()) kernel->excludes(std::string(source.option));
    for (std::string_view other : source.heeds) kernel->excludes(std::string(other));
  }
  options->data.activation = "identity";
  add_number(*command, "--lambda", options->lambda, "penalty on beta");
  add_number(*command, "--eta", options->eta, "step size: of the runs, and for stability");
  add_number(*command, "--tau", options->tau, "slow time at the end");
  add_count(*command, "--points", options->points, "slow times that are shown");
  add_list(*command, "--widths", options->widths, "widths of runs, for instance 1000,1000000");
  add_count(*command, "--seeds", options->seeds, "runs a width");
  add_count(*command, "--seed", options->data.seed, "seed of the runs");
  add_count(*command, "--steps-after", options->steps_after, "steps after the cut at tau");
  add_jobs(*command, options->jobs);
  add_out_folder(*command, options->out, "folder for CSV files and figures");
  command->footer(
      "Examples:\n  alignproof law --inputs isometric --n 6 --d 6 --lambda 1.5 --tau 1.2\n"
      "  alignproof law --inputs gaussian --n 5 --d 6 --widths "
      "1000,10000,100000,1000000 --out law\n"
      "  alignproof law --kernel K.csv --lambda 0.5 --tau 4\n"
      "A run takes tau sqrt(p) / eta steps, each of the same cost whatever p is.");
  command->callback([options, &action] { action = [options] { return law_command(*options); }; });
}

}  // namespace alignproof::cli
