// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <optional>

#include <fmt/format.h>

#include <alignproof/core/limits.hpp>
#include <alignproof/dynamics/alignment_law.hpp>
#include <alignproof/linalg/decompositions.hpp>
#include <alignproof/report/writers.hpp>

#include "law.hpp"
#include "output.hpp"
#include "progress_bar.hpp"
#include "resources.hpp"

namespace alignproof::cli {

namespace {

void print_law(const LawRequest& request, const LawSetting& setting,
               const std::vector<LawPoint>& points) {
  const Vector<double> k = eigenvalues(setting.K);
  const double gamma = k(0), most = k.maxCoeff();
  fmt::print("{}\nK has eigenvalues {:.6g} to {:.6g}; |y| = {:.6g}\n", setting.data.name, gamma,
             most, setting.y.norm());
  fmt::print("lambda = {}, eta = {}; tau = eta t / sqrt p\n\n", request.lambda, request.eta);
  const double isometric = isometric_gamma(setting.K);
  const bool definite = gamma > 1e-12 * most;
  fmt::print("{:>10} {:>10} {:>10} {:>10} {:>10} {:>10}\n", "tau", "cosine", "after cut",
             isometric > 0 ? "closed" : "guaranteed", "|e|", "stability");
  bool crossed = false;
  for (const LawPoint& point : points) {
    const double stability = request.eta * (request.lambda + point.curvature);
    std::string fourth = "-";
    if (isometric > 0)
      fourth = fmt::format(
          "{:.7f}", isometric_cosine(isometric, request.lambda, setting.y.norm(), point.tau));
    else if (definite)
      fourth = fmt::format("{:.7f}",
                           guaranteed_cosine(conditioning(setting.K, setting.y, request.lambda),
                                             request.lambda, point.tau));
    fmt::print("{:10.5g} {:10.7f} {:10.7f} {:>10} {:10.3e} {}{}\n", point.tau, point.cosine,
               point.cosine_after_cut, fourth, point.error,
               in_column(fmt::format("{:10.4f}", stability), stability, 10),
               stability >= 2 && !crossed ? " lost" : "");
    crossed = crossed || stability >= 2;
  }
  fmt::print("\nstability: eta (lambda + lambda_max(K + zeta zeta^T)); the law applies below 2.\n");
  if (!isometric) fmt::print("guaranteed: after a cut there, at least (claim T3K).\n");
  if (isometric > 0 && request.eta * (request.lambda + isometric) < 2)
    fmt::print("stability is lost at the cosine {:.7f}.\n",
               onset_cosine(isometric, request.lambda, request.eta));
}

WidthRuns measured(const LawRequest& request, const LawSetting& setting,
                   const std::vector<double>& times) {
  LawWidths widths;
  widths.widths.assign(request.widths.begin(), request.widths.end());
  widths.seeds = static_cast<std::size_t>(request.seeds);
  widths.lambda = request.lambda, widths.eta = request.eta;
  widths.steps_after = static_cast<std::size_t>(request.steps_after);
  widths.seed = static_cast<std::uint64_t>(request.data.seed);
  ProgressBar progress("runs");
  return run_widths(setting, widths, times, threads_for(request.jobs), progress);
}

/// Before and after the cut.
struct Orders {
  LawOrder with_penalty, after_cut;
};

void print_widths(const LawRequest& request, const std::vector<double>& widths,
                  const Orders& orders) {
  const auto& [during, after] = orders;
  fmt::print("\nat tau = {}, {} runs a width; median |cosine - law|\n\n", request.tau,
             request.seeds);
  fmt::print("{:>8} {:>11} {:>11} {:>11} {:>11} {:>11}\n", "p", "steps", "cosine", "|gap|",
             "after cut", "|gap|");
  for (std::size_t w = 0; w < widths.size(); ++w)
    fmt::print("{:8.0e} {:11} {:11.8f} {:11.2e} {:11.8f} {:11.2e}\n", widths[w],
               steps_until(request.tau, request.eta, widths[w]), during.cosine[w], during.gap[w],
               after.cosine[w], after.gap[w]);
  fmt::print("{:>8} {:>11} {:11.8f} {:>11} {:11.8f}\n\n", "law", "", during.law, "", after.law);
  print_order("|cosine - law|", during.order, "-0.5 is proved");
  print_order("after the cut", after.order, "-0.5 is proved");
}

void write_law(const LawRequest& request, const LawSetting& setting,
               const std::vector<LawPoint>& points, const WidthRuns& runs,
               const std::optional<Orders>& orders) {
  const std::string caption = fmt::format("{}, $\\lambda = {}$, $\\eta = {}$; one run a width.",
                                          setting.data.name, request.lambda, request.eta);
  std::map<std::string, std::string> files = {
      {"law.csv", table(points)}, {"law.svg", to_svg_file(law_course(caption, points, runs))}};
  if (!request.widths.empty()) files["widths.csv"] = table(runs);
  if (orders)
    files["law-order.svg"] = to_svg_file(law_distance(
        fmt::format("{}. Medians over runs; the dashed line has slope $-1/2$.", setting.data.name),
        runs.p, orders->with_penalty, orders->after_cut));
  write_files(request.out, files);
}

LawSetting setting_of(const LawRequest& request) {
  if (request.kernel.empty()) {
    LawSetting setting = law_setting(request.data.make_data());
    require_sizes(request, {setting.K, setting.y});
    return setting;
  }
  const LawProblem problem = law_problem(request);
  return law_setting(problem.name, problem.data.K, array_from(problem.data.Y));
}

}  // namespace

int linear_law(const LawRequest& request) {
  const LawSetting setting = setting_of(request);
  const std::optional<ResultFolder> folder = law_folder(request);
  const auto times = request.times();
  const auto points = alignment_law(setting.K, setting.y, request.lambda, times);
  WidthRuns runs;
  std::optional<Orders> orders;
  if (!request.widths.empty()) {
    runs = measured(request, setting, times);
    if (!runs.any_diverged())
      orders = {law_order(runs, points.back(), LawCosine::with_penalty, order_level),
                law_order(runs, points.back(), LawCosine::after_cut, order_level)};
  }
  // Files first: a reader of standard output may end at any line.
  if (!request.out.empty()) write_law(request, setting, points, runs, orders);
  print_law(request, setting, points);
  if (orders)
    print_widths(request, runs.p, *orders);
  else if (!request.widths.empty())
    fmt::print("\nruns diverged: the penalty was kept beyond the onset of instability\n");
  return 0;
}

}  // namespace alignproof::cli
