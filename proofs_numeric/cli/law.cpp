// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <Eigen/Eigenvalues>

#include <alignproof/core/limits.hpp>
#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/dynamics/law_run.hpp>
#include <alignproof/dynamics/reduced_instances.hpp>
#include <alignproof/format/files.hpp>
#include <alignproof/network/csv.hpp>
#include <alignproof/report/writers.hpp>
#include <alignproof/statistics/fit.hpp>
#include <alignproof/statistics/tests.hpp>

#include "cli.hpp"
#include "command_line.hpp"
#include "output.hpp"
#include "progress_bar.hpp"
#include "resources.hpp"

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

struct Setting {
  Data data;         ///< X X^T = K
  Matrix<double> K;  ///< n x n
  Vector<double> y;  ///< n
};

/// A table of K and, as its last column, y; X is its symmetric square root, in doubles.
Setting read_kernel(const std::string& file) {
  const CsvTable read = read_csv_table(file, {});
  if (!read.classes.empty())
    throw InputError(fmt::format("y in {}", file), fmt::format("'{}'", read.classes[0]),
                     "numbers: the law has no classes");
  const Data& table = read.data;
  if (table.X.rows() != table.X.cols())
    throw InputError("kernel",
                     fmt::format("{} rows of {} numbers", table.X.rows(), table.X.cols() + 1),
                     "n rows of n + 1 numbers, K and y");
  Setting setting{{}, matrix_from<double>(table.X), vector_from<double>(table.y)};
  alignment_law(setting.K, setting.y, 1, {});  // refuses what is no kernel
  const Eigen::SelfAdjointEigenSolver<Matrix<double>> solver(setting.K);
  const Vector<double> roots = solver.eigenvalues().cwiseMax(0).cwiseSqrt();
  const Matrix<double> X = solver.eigenvectors() * roots.asDiagonal();
  setting.data = {"K of " + file, "", array_from(X), table.y};
  setting.data.X.shape = {table.X.rows(), table.X.rows()};
  return setting;
}

Setting setting_of(const LawOptions& options) {
  if (!options.kernel.empty()) return read_kernel(options.kernel);
  if (options.data.outputs != 1)
    throw InputError("outputs", fmt::format("{}", options.data.outputs),
                     "1: the law has one output");
  Setting setting;
  setting.data = options.data.make_data();
  if (setting.data.y.cols() != 1)
    throw InputError("outputs", fmt::format("{}", setting.data.y.cols()),
                     "1: the law has one output");
  const Matrix<double> X = matrix_from<double>(setting.data.X);
  setting.K = X * X.transpose();
  setting.y = vector_from<double>(setting.data.y);
  return setting;
}

void require_valid(const LawOptions& options) {
  const auto positive = [](const char* name, double value) {
    if (!(value > 0) || !std::isfinite(value))
      throw InputError(name, fmt::format("{}", value), "a number > 0");
  };
  positive("lambda", options.lambda);
  positive("eta", options.eta);
  if (!(options.tau >= 0) || !std::isfinite(options.tau))
    throw InputError("tau", fmt::format("{}", options.tau), "a number >= 0");
  if (options.points < 1 || options.points > 100000)
    throw InputError("points", fmt::format("{}", options.points), "1 to 100000");
  if (options.steps_after < 0)
    throw InputError("steps-after", fmt::format("{}", options.steps_after), "a whole number >= 0");
  const auto least = static_cast<long long>(least_tuples(order_level));
  if (options.seeds < least || options.seeds > 100000)
    throw InputError("seeds", fmt::format("{}", options.seeds),
                     fmt::format("{} to 100000: the intervals ask for so many", least));
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

/// gamma if K = gamma I up to rounding, else 0.
double isometric_gamma(const Matrix<double>& K) {
  const double gamma = K.trace() / static_cast<double>(K.rows());
  const Matrix<double> off = K - gamma * Matrix<double>::Identity(K.rows(), K.rows());
  return off.norm() <= 1e-12 * gamma ? gamma : 0;
}

void print_law(const LawOptions& options, const Setting& setting,
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

struct Widths {
  std::vector<double> p;
  std::vector<std::vector<SlowRun>> runs;  ///< [width][seed]
};

Widths measure(const LawOptions& options, const Setting& setting,
               const std::vector<double>& times) {
  Widths widths;
  const auto seeds = static_cast<std::size_t>(options.seeds);
  for (long long p : options.widths) {
    widths.p.push_back(static_cast<double>(p));
    widths.runs.emplace_back(seeds);
  }
  const auto units = [&](std::size_t w) {
    return steps_until(options.tau, options.eta, widths.p[w]) / 1000 + 1;
  };
  ProgressBar progress("runs");
  for (std::size_t w = 0; w < widths.p.size(); ++w) progress.expect(seeds * units(w));
  // The widest first: nobody waits for one long run at the end.
  parallel_for(widths.p.size() * seeds, threads_for(options.jobs), [&](std::size_t k) {
    const std::size_t w = widths.p.size() - 1 - k / seeds, s = k % seeds;
    NetworkSpec spec;
    spec.activation = Activation::identity, spec.eta = options.eta;
    spec.penalty.lambda = options.lambda;
    spec.p = static_cast<std::size_t>(options.widths[w]);
    spec.seed = static_cast<std::uint64_t>(options.data.seed) * 1000000 + w * 100000 + s;
    widths.runs[w][s] =
        run_slowly(reduced_problem<double>(sample_linear_network(setting.data, spec)), times,
                   static_cast<std::size_t>(options.steps_after));
    progress.advance(units(w));
  });
  return widths;
}

/// |measured - law| by width and seed.
std::vector<std::vector<double>> gaps(const Widths& widths, double law, bool after) {
  std::vector<std::vector<double>> all;
  for (const auto& runs : widths.runs) {
    all.emplace_back();
    for (const SlowRun& run : runs)
      all.back().push_back(
          std::max(std::abs((after ? run.after_cut : run.cosine.back()) - law), 0x1p-53));
  }
  return all;
}

bool any_diverged(const Widths& widths) {
  return std::any_of(widths.runs.begin(), widths.runs.end(), [](const auto& runs) {
    return std::any_of(runs.begin(), runs.end(),
                       [](const SlowRun& run) { return run.diverged_at.has_value(); });
  });
}

void print_order(const char* what, const Widths& widths, double law, bool after) {
  const MedianSlope order = median_slope(widths.p, gaps(widths, law, after), order_level);
  fmt::print(
      "{}: p^{:.3f}, interval [{:.3f}, {:.3f}], each limit wrong with\nprobability <= {}; "
      "{} runs a width; -0.5 is proved\n",
      what, order.exponent, order.lower, order.upper, order_level, order.tuples);
}

void print_widths(const LawOptions& options, const Widths& widths, const LawPoint& law) {
  fmt::print("\nat tau = {}, {} runs a width; median |cosine - law|\n\n", options.tau,
             options.seeds);
  fmt::print("{:>8} {:>11} {:>11} {:>11} {:>11} {:>11}\n", "p", "steps", "cosine", "|gap|",
             "after cut", "|gap|");
  const auto during = gaps(widths, law.cosine, false),
             after = gaps(widths, law.cosine_after_cut, true);
  for (std::size_t w = 0; w < widths.p.size(); ++w) {
    std::vector<double> cosines, cut;
    for (const SlowRun& run : widths.runs[w])
      cosines.push_back(run.cosine.back()), cut.push_back(run.after_cut);
    fmt::print("{:8.0e} {:11} {:11.8f} {:11.2e} {:11.8f} {:11.2e}\n", widths.p[w],
               steps_until(options.tau, options.eta, widths.p[w]), quantile(cosines, 0.5),
               quantile(during[w], 0.5), quantile(cut, 0.5), quantile(after[w], 0.5));
  }
  fmt::print("{:>8} {:>11} {:11.8f} {:>11} {:11.8f}\n\n", "law", "", law.cosine, "",
             law.cosine_after_cut);
  print_order("|cosine - law|", widths, law.cosine, false);
  print_order("after the cut", widths, law.cosine_after_cut, true);
}

Figure course_figure(const LawOptions& options, const Setting& setting,
                     const std::vector<double>& times, const std::vector<LawPoint>& points,
                     const Widths& widths) {
  Figure figure{"law",
                "The alignment law and runs of finite width",
                fmt::format("{}, $\\lambda = {}$, $\\eta = {}$; one run a width.",
                            setting.data.name, options.lambda, options.eta),
                "slow time $\\tau = \\eta t/\\sqrt{p}$",
                "$\\cos(b, \\beta)$",
                false,
                false,
                {}};
  Series law{"law, $p \\to \\infty$", Series::Style::line, times, {}};
  Series cut{"law, after a cut", Series::Style::dashed, times, {}};
  for (const LawPoint& point : points)
    law.y.push_back(point.cosine), cut.y.push_back(point.cosine_after_cut);
  figure.series = {law, cut};
  for (std::size_t w = 0; w < widths.p.size(); ++w)
    figure.series.push_back({fmt::format("$p = 10^{{{:.3g}}}$", std::log10(widths.p[w])),
                             Series::Style::points, times, widths.runs[w].front().cosine});
  return figure;
}

Figure order_figure(const Setting& setting, const Widths& widths, const LawPoint& law) {
  Figure figure{
      "law-order",
      "Finite width is of order $p^{-1/2}$ away from the law",
      fmt::format("{}. Medians over runs; the dashed line has slope $-1/2$.", setting.data.name),
      "width $p$",
      "$|\\cos - $law$|$",
      true,
      true,
      {}};
  const auto add = [&](const char* name, double value, bool after) {
    Series series{name, Series::Style::line_and_points, widths.p, {}};
    for (const auto& width : gaps(widths, value, after)) series.y.push_back(quantile(width, 0.5));
    figure.series.push_back(series);
  };
  add("with the penalty", law.cosine, false);
  add("after the cut", law.cosine_after_cut, true);
  Series guide{"slope $-1/2$", Series::Style::dashed, widths.p, {}};
  for (double p : widths.p)
    guide.y.push_back(figure.series.front().y.front() * std::sqrt(widths.p.front() / p));
  figure.series.push_back(guide);
  return figure;
}

std::string law_csv(const std::vector<LawPoint>& points) {
  std::string csv = "tau,cosine,cosine_after_cut,error,curvature\n";
  for (const LawPoint& point : points)
    csv += fmt::format("{:.17g},{:.17g},{:.17g},{:.17g},{:.17g}\n", point.tau, point.cosine,
                       point.cosine_after_cut, point.error, point.curvature);
  return csv;
}

std::string widths_csv(const Widths& widths) {
  std::string csv = "width,run,cosine,error,cosine_after_cut,error_after_cut\n";
  for (std::size_t w = 0; w < widths.p.size(); ++w)
    for (std::size_t s = 0; s < widths.runs[w].size(); ++s) {
      const SlowRun& run = widths.runs[w][s];
      csv += fmt::format("{:.0f},{},{:.17g},{:.17g},{:.17g},{:.17g}\n", widths.p[w], s,
                         run.cosine.back(), run.error.back(), run.after_cut, run.error_after_cut);
    }
  return csv;
}

void write_law(const LawOptions& options, const Setting& setting, const std::vector<double>& times,
               const std::vector<LawPoint>& points, const Widths& widths) {
  std::map<std::string, std::string> files = {
      {"law.csv", law_csv(points)},
      {"law.svg", to_svg_file(course_figure(options, setting, times, points, widths))}};
  if (!options.widths.empty()) {
    files["widths.csv"] = widths_csv(widths);
    if (!any_diverged(widths))
      files["law-order.svg"] = to_svg_file(order_figure(setting, widths, points.back()));
  }
  write_files(options.out, files);
}

int law_command(const LawOptions& options) {
  require_valid(options);
  const Setting setting = setting_of(options);
  std::optional<ResultFolder> folder;
  if (!options.out.empty()) {
    const std::vector<std::string> names{"law.csv", "law.svg", "widths.csv", "law-order.svg"};
    std::vector<std::string> read = options.data.files();
    read.push_back(options.kernel);
    for (const std::string& name : names)
      require_apart(std::filesystem::path(options.out) / name, read);
    folder.emplace(options.out, names);
  }
  std::vector<double> times;
  for (long long k = 1; k <= options.points; ++k)
    times.push_back(options.tau * static_cast<double>(k) / static_cast<double>(options.points));
  const auto points = alignment_law(setting.K, setting.y, options.lambda, times);
  Widths widths;
  if (!options.widths.empty()) widths = measure(options, setting, times);
  // Files first: a reader of standard output may end at any line.
  if (!options.out.empty()) write_law(options, setting, times, points, widths);
  print_law(options, setting, points);
  if (!options.widths.empty()) {
    if (any_diverged(widths))
      fmt::print("\nruns diverged: the penalty was kept beyond the onset of instability\n");
    else
      print_widths(options, widths, points.back());
  }
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
  for (const char* other :
       {"--inputs", "--targets", "--data", "--csv", "--npy", "--n", "--d", "--outputs",
        "--teacher-width", "--data-seed", "--input-scale", "--target-scale"})
    kernel->excludes(other);
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
  command->add_option("--out", options->out, "folder for CSV files and figures")
      ->check(folder_given());
  command->footer(
      "Examples:\n  alignproof law --inputs isometric --n 6 --d 6 --lambda 1.5 --tau 1.2\n"
      "  alignproof law --inputs gaussian --n 5 --d 6 --widths "
      "1000,10000,100000,1000000 --out law\n"
      "  alignproof law --kernel K.csv --lambda 0.5 --tau 4\n"
      "A run takes tau sqrt(p) / eta steps, each of the same cost whatever p is.");
  command->callback([options, &action] { action = [options] { return law_command(*options); }; });
}

}  // namespace alignproof::cli
