// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <map>

#include <fmt/format.h>

#include <alignproof/format/files.hpp>
#include <alignproof/report/writers.hpp>

#include "law.hpp"

namespace alignproof::cli {

namespace {

std::string field_table(const LawRequest& request, const FieldCourse& course) {
  std::string lines =
      "tau,Lambda,lambda,cosine,cosine_after_cut,signal,signal_after_cut,error,least_eigenvalue,"
      "least_eigenvalue_bound,largest_eigenvalue,stability,error_estimate";
  if (course.memory) lines += ",memory_cosine,memory_cosine_error,memory_error,memory_error_error";
  lines += "\n";
  for (std::size_t k = 0; k < course.points.size(); ++k) {
    const FieldPoint& at = course.points[k];
    const double largest = at.spectrum.tail(1)(0);
    std::string line;
    for (double x : {at.tau, at.Lambda, at.lambda, at.cosine, at.cosine_after_cut, at.signal,
                     at.signal_after_cut, at.error, at.spectrum(0), at.least_eigenvalue, largest,
                     request.eta * (at.lambda + largest), at.error_estimate})
      line += fmt::format("{}{:.17g}", line.empty() ? "" : ",", x);
    if (course.memory) {
      const MeanOfStarts &cosine = course.memory->cosine[k], &e = course.memory->error[k];
      line += fmt::format(",{:.17g},{:.17g},{:.17g},{:.17g}", cosine.value, cosine.error, e.value,
                          e.error);
    }
    lines += line + "\n";
  }
  return lines;
}

std::string runs_table(const NetworkSlowRuns& all) {
  std::string lines =
      "width,run,cosine,error,cosine_after_cut,error_after_cut,signal,signal_after_cut\n";
  for (std::size_t w = 0; w < all.p.size(); ++w)
    for (std::size_t s = 0; s < all.runs[w].size(); ++s) {
      const NetworkSlowRun& run = all.runs[w][s];
      lines += fmt::format("{:.0f},{},{:.17g},{:.17g},{:.17g},{:.17g},{:.17g},{:.17g}\n", all.p[w],
                           s, run.cosine.back(), run.error.back(), run.after_cut,
                           run.error_after_cut, run.signal.back(), run.signal_after_cut);
    }
  return lines;
}

/// Against slow time, as points: the first run of each width.
template <class Value>
std::vector<Series> first_runs(const std::vector<double>& times, const NetworkSlowRuns& all,
                               const Value& value) {
  std::vector<Series> series;
  for (std::size_t w = 0; w < all.p.size(); ++w)
    series.push_back({fmt::format("$p = 10^{{{:.3g}}}$", std::log10(all.p[w])),
                      Series::Style::points, times, value(all.runs[w].front())});
  return series;
}

Figure field_figure(const LawRequest& request, const std::string& caption,
                    const FieldCourse& course, const std::optional<FieldRuns>& runs) {
  const bool bp = request.is_backpropagation();
  Figure figure{"law",
                runs ? "The alignment law and runs of finite width" : "The alignment law",
                caption,
                bp ? "slow time $\\tau_2 = \\eta t/p$" : "slow time $\\tau = \\eta t/\\sqrt{p}$",
                bp ? "$|e|$" : "$\\cos(b, \\beta)$",
                false,
                false,
                {}};
  Series limit{"law, $p \\to \\infty$", Series::Style::line, request.times(), {}};
  Series cut{"law, after a cut", Series::Style::dashed, request.times(), {}};
  for (const FieldPoint& point : course.points) {
    limit.y.push_back(bp ? point.error : point.cosine);
    cut.y.push_back(point.cosine_after_cut);
  }
  figure.series = {limit};
  if (!bp) figure.series.push_back(cut);
  if (course.memory) {
    Series memory{fmt::format("law with memory, $p = {}$", *request.finite_width),
                  Series::Style::line,
                  request.times(),
                  {}};
    for (const MeanOfStarts& mean : course.memory->cosine) memory.y.push_back(mean.value);
    figure.series.push_back(memory);
  }
  if (runs)
    for (Series& of_width : first_runs(request.times(), runs->runs, [&](const NetworkSlowRun& run) {
           return bp ? run.error : run.cosine;
         }))
      figure.series.push_back(std::move(of_width));
  return figure;
}

/// Medians of the distances from the law against the width.
Figure order_figure(const LawRequest& request, const std::string& caption, const FieldRuns& found) {
  if (!request.is_backpropagation())
    return law_distance(caption, found.runs.p, found.orders[0], found.orders[1]);
  Figure figure = law_distance(caption, found.runs.p, found.orders[0], found.orders[0]);
  figure.y_label = "$||e| - $law$|$";
  figure.series.erase(figure.series.begin() + 1);
  return figure;
}

const std::vector<std::string> law_files{"law.csv", "law.svg", "widths.csv", "law-order.svg"};

}  // namespace

std::optional<ResultFolder> law_folder(const LawRequest& request) {
  if (request.out.empty()) return std::nullopt;
  for (const std::string& name : law_files)
    require_apart(std::filesystem::path(request.out) / name, request.files());
  return std::make_optional<ResultFolder>(request.out, law_files);
}

void write_field(const LawRequest& request, const LawProblem& problem, const FieldCourse& course,
                 const std::optional<FieldRuns>& runs) {
  const std::string of = fmt::format("{}, {}", problem.name, request.data.activation);
  const std::string caption = fmt::format("{}, $\\lambda = {}$, $\\eta = {}${}", of, request.lambda,
                                          request.eta, runs ? "; one run a width." : ".");
  std::map<std::string, std::string> files = {
      {"law.csv", field_table(request, course)},
      {"law.svg", to_svg_file(field_figure(request, caption, course, runs))}};
  if (runs) files["widths.csv"] = runs_table(runs->runs);
  if (runs && !runs->orders.empty())
    files["law-order.svg"] = to_svg_file(order_figure(
        request, of + ". Medians over runs; the dashed line has slope $-1/2$.", *runs));
  write_files(request.out, files);
}

}  // namespace alignproof::cli
