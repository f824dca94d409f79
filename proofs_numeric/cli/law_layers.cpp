// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <map>

#include <fmt/format.h>

#include <alignproof/format/files.hpp>
#include <alignproof/mean_field/three_layers.hpp>
#include <alignproof/report/writers.hpp>

#include "law.hpp"
#include "progress_bar.hpp"
#include "resources.hpp"

namespace alignproof::cli {

namespace {

struct LayerMean {
  double value = 0, error = 0;  ///< the latter is the standard error
};

struct LayerRuns {
  std::vector<LayerMean> cosine, error;  ///< by width, at the last of the times
  std::vector<ThreeLayerRun> first;      ///< a run a width
  std::string table;
};

LayerMean layer_mean(const std::vector<double>& values) {
  const auto count = static_cast<double>(values.size());
  double mean = 0, square = 0;
  for (double x : values) mean += x / count;
  for (double x : values) square += (x - mean) * (x - mean);
  return {mean, std::sqrt(square / (count * (count - 1)))};
}

LayerRuns layer_runs(const LawRequest& request, const LawData& data) {
  const auto seeds = static_cast<std::size_t>(request.seeds);
  const std::size_t count = request.widths.size();
  std::vector<std::vector<ThreeLayerRun>> all(count, std::vector<ThreeLayerRun>(seeds));
  ProgressBar progress("runs");
  const auto units = [&](std::size_t w) {
    return static_cast<std::size_t>(std::pow(static_cast<double>(request.widths[w]), 2.5) * 1e-6) +
           1;
  };
  for (std::size_t w = 0; w < count; ++w) progress.expect(seeds * units(w));
  parallel_for(count * seeds, threads_for(request.jobs), [&](std::size_t i) {
    const std::size_t w = count - 1 - i / seeds, s = i % seeds;
    const ThreeLayerNetwork network{
        static_cast<std::size_t>(request.widths[w]), request.eta,
        static_cast<std::uint64_t>(request.data.seed) * 1000000 + w * 100000 + s};
    all[w][s] = run_three_layers(data, request.psi(), layer_rule_from(request.rule), request.lambda,
                                 request.times(), network);
    progress.advance(units(w));
  });
  LayerRuns found;
  found.table = "width,run,cosine,error\n";
  for (std::size_t w = 0; w < count; ++w) {
    std::vector<double> cosines, errors;
    for (std::size_t s = 0; s < seeds; ++s) {
      cosines.push_back(all[w][s].cosine.back()), errors.push_back(all[w][s].error.back());
      found.table += fmt::format("{},{},{:.17g},{:.17g}\n", request.widths[w], s, cosines.back(),
                                 errors.back());
    }
    found.cosine.push_back(layer_mean(cosines)), found.error.push_back(layer_mean(errors));
    found.first.push_back(all[w].front());
  }
  return found;
}

void print_layers(const LawRequest& request, const LawProblem& problem,
                  const std::vector<ThreeLayerPoint>& points) {
  fmt::print("{}\n|y| = {:.6g}\n", problem.name, problem.data.Y.norm());
  fmt::print("{}, 3 layers, rule {}\nlambda = {}, eta = {}\ntau = eta t / sqrt p\n",
             request.data.activation, request.rule, request.lambda, request.eta);
  fmt::print("numerical: quasi-random particles, errors stated at 99 %\n\n");
  fmt::print("{:>8} {:>10} {:>9} {:>10} {:>9} {:>11} {:>9}\n", "tau", "cosine", "error",
             "after cut", "error", "|e|", "error");
  for (const ThreeLayerPoint& at : points)
    fmt::print("{:8.4g} {:10.5f} {:9.1e} {:10.5f} {:9.1e} {:11.5f} {:9.1e}\n", at.tau,
               at.cosine.value, at.cosine.error, at.cosine_after_cut.value,
               at.cosine_after_cut.error, at.error.value, at.error.error);
}

void print_layer_runs(const LawRequest& request, const ThreeLayerPoint& law,
                      const LayerRuns& found) {
  fmt::print("\nat tau = {}, {} runs a width: means and standard errors\n\n", request.tau,
             request.seeds);
  fmt::print("{:>8} {:>11} {:>11} {:>11} {:>11}\n", "p", "cosine", "error", "|e|", "error");
  for (std::size_t w = 0; w < request.widths.size(); ++w)
    fmt::print("{:8} {:11.6f} {:11.1e} {:11.6f} {:11.1e}\n", request.widths[w],
               found.cosine[w].value, found.cosine[w].error, found.error[w].value,
               found.error[w].error);
  fmt::print("{:>8} {:11.6f} {:11.1e} {:11.6f} {:11.1e}\n", "law", law.cosine.value,
             law.cosine.error, law.error.value, law.error.error);
}

void write_layers(const LawRequest& request, const LawProblem& problem,
                  const std::vector<ThreeLayerPoint>& points,
                  const std::optional<LayerRuns>& runs) {
  std::string lines =
      "tau,cosine,cosine_uncertainty,cosine_after_cut,cosine_after_cut_uncertainty,error,"
      "error_uncertainty\n";
  Series limit{"law, $p \\to \\infty$", Series::Style::line, request.times(), {}, {}, {}};
  for (const ThreeLayerPoint& at : points) {
    lines += fmt::format("{:.17g},{:.17g},{:.17g},{:.17g},{:.17g},{:.17g},{:.17g}\n", at.tau,
                         at.cosine.value, at.cosine.error, at.cosine_after_cut.value,
                         at.cosine_after_cut.error, at.error.value, at.error.error);
    limit.y.push_back(at.cosine.value);
  }
  Figure figure{"law",
                "The alignment law of three layers",
                fmt::format("{}, {}, rule {}, $\\lambda = {}$, $\\eta = {}$.", problem.name,
                            request.data.activation, request.rule, request.lambda, request.eta),
                "slow time $\\tau = \\eta t/\\sqrt{p}$",
                "$\\cos(b, \\beta)$",
                false,
                false,
                {limit}};
  std::map<std::string, std::string> files = {{"law.csv", lines}};
  if (runs) {
    for (std::size_t w = 0; w < request.widths.size(); ++w)
      figure.series.push_back({fmt::format("$p = {}$", request.widths[w]), Series::Style::points,
                               request.times(), runs->first[w].cosine});
    files["widths.csv"] = runs->table;
  }
  files["law.svg"] = to_svg_file(figure);
  write_files(request.out, files);
}

}  // namespace

int layers_law(const LawRequest& request) {
  const LawProblem problem = law_problem(request);
  const std::optional<ResultFolder> folder = law_folder(request);
  ThreeLayerOptions options;
  if (request.particles) options.particles = static_cast<std::size_t>(*request.particles);
  options.seed = static_cast<std::uint64_t>(request.data.seed);
  options.jobs = threads_for(request.jobs);
  std::vector<ThreeLayerPoint> points;
  {
    ProgressBar progress("law");
    points = three_layer_law(problem.data, request.psi(), layer_rule_from(request.rule),
                             request.lambda, request.times(), options, progress);
  }
  std::optional<LayerRuns> runs;
  if (!request.widths.empty()) runs = layer_runs(request, problem.data);
  if (!request.out.empty()) write_layers(request, problem, points, runs);
  print_layers(request, problem, points);
  if (runs) print_layer_runs(request, points.back(), *runs);
  return 0;
}

}  // namespace alignproof::cli
